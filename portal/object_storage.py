"""Uploads in S3-compatible object storage (portal/media_storage.py says when). The bucket stays private: visitors get
an upload from the portal, under the same address and with the same headers as from a folder, and whatever caches stand
in front keep it for a year.
"""

import functools
import logging
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

IN_MEMORY = 4 * 2**20  # bytes of a file; the rest of a larger one waits in a temporary file

log = logging.getLogger(__name__)


def _as_of_a_disk(method):
    """A storage that refuses or does not answer raises OSError, as a disk does."""

    @functools.wraps(method)
    def translated(self, name, *args, **kwargs):
        try:
            return method(self, name, *args, **kwargs)
        except (Boto3Error, BotoCoreError, ClientError) as problem:
            log.error("The object storage did not do its work for %s: %s", name, problem)
            raise OSError(str(problem)) from problem

    return translated


class ObjectStorage(S3Storage):
    def get_default_settings(self):
        return {**super().get_default_settings(), "file_overwrite": True, "max_memory_size": IN_MEMORY}

    def __init__(self, **options):
        config = Config(
            connect_timeout=3,
            read_timeout=20,
            retries={"total_max_attempts": 2},
            s3={"addressing_style": options.pop("addressing_style", "auto")},
            # Checksums that only the newest storages understand are sent where they are asked for.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(**options, client_config=config, transfer_config=TransferConfig(use_threads=False))

    def url(self, name, *args, **kwargs):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))

    @_as_of_a_disk
    def _open(self, name, mode="rb"):
        file = super()._open(name, mode)
        if "r" in mode:
            file.open()  # so that it is read here, where its failure is translated
        return file

    _save = _as_of_a_disk(S3Storage._save)
    delete = _as_of_a_disk(S3Storage.delete)
    exists = _as_of_a_disk(S3Storage.exists)
    listdir = _as_of_a_disk(S3Storage.listdir)
    get_modified_time = _as_of_a_disk(S3Storage.get_modified_time)
