"""Where uploads lie, as MEDIA_STORAGE says: in the folder MEDIA_ROOT, or in object storage that several servers share.

    s3://KEY:SECRET@bucket/folder?endpoint=https://storage.example&region=here&style=path

All but the bucket may be left out. What is not plain in KEY and SECRET is percent-encoded; without them boto3 looks for
credentials where it always does (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the role of the machine).
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

PRIVATE = "private"  # the storage of what no address ever leads to, such as sheets that wait to be imported
OPTIONS = {"endpoint": "endpoint_url", "region": "region_name", "style": "addressing_style"}


def storages_at(address) -> dict:
    """The entries of STORAGES for uploads and for private files; `address` may be empty: the folder MEDIA_ROOT."""
    if not address:
        return {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            PRIVATE: {"BACKEND": "portal.media_storage.BesideUploads"},
        }
    options = _options(address)
    folder = options.pop("location")
    return {
        name: {"BACKEND": "portal.object_storage.ObjectStorage", "OPTIONS": {**options, "location": folder + kind}}
        for name, kind in (("default", "media"), (PRIVATE, "imports"))
    }


def _options(address) -> dict:
    try:
        parts = urlsplit(address)
        bucket, named = parts.hostname, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as problem:
        raise ImproperlyConfigured(f"it is no address ({problem})") from None
    if parts.scheme != "s3" or not bucket:
        raise ImproperlyConfigured("it begins with s3:// and a bucket, or is empty")
    if unknown := sorted(named.keys() - OPTIONS.keys()):
        raise ImproperlyConfigured(f"{unknown[0]} is none of {', '.join(OPTIONS)}")
    if named.get("style", "path") not in ("path", "virtual"):
        raise ImproperlyConfigured("style is path or virtual")
    if not named.get("endpoint", "https://").startswith(("https://", "http://")):
        raise ImproperlyConfigured("endpoint begins with https:// (or http://)")
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured("it names a key without its secret, or a secret without its key")
    if not find_spec("storages") or not find_spec("boto3"):
        raise ImproperlyConfigured("object storage needs the packages of requirements-s3.txt")
    folder = unquote(parts.path).strip("/")
    options = {"bucket_name": bucket, "location": f"{folder}/" if folder else ""}
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password)}
    if "endpoint" in named:
        options["addressing_style"] = "path"  # what every storage understands
    return options | {OPTIONS[name]: value for name, value in named.items()}


class BesideUploads(FileSystemStorage):
    """The folder imports/ beside MEDIA_ROOT: never below it, so no web server hands out what is there."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @cached_property
    def base_location(self):
        return Path(settings.MEDIA_ROOT).parent / "imports"
