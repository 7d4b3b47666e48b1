"""Uploaded files: which are accepted, and under which name they are kept.

A name given by the uploader never reaches the disk: the stored name is random and its ending comes from a list.
Formats are sniffed from the content, because a name proves nothing.
"""

import contextlib
import re
import secrets
import warnings
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image

IMAGE_FORMATS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
IMAGE_MAX_BYTES = 15 * 2**20
IMAGE_MAX_PIXELS = 40_000_000
DOCUMENT_SIGNATURES = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".pptx": b"PK\x03\x04"}
DOCUMENT_MAX_BYTES = 50 * 2**20

_STORED_NAME = re.compile(r"[a-z]+/[0-9a-f]{32}\.[a-z]{3,4}")


def check_image(upload):
    """Refuse what is not a JPEG, PNG or WebP picture of at most 15 MB and 40 megapixels; reads only its header."""
    if _is_stored(upload):
        return
    if upload.size > IMAGE_MAX_BYTES:
        raise ValidationError(_("The picture is larger than 15 MB. Save it smaller and try again."), code="too_large")
    try:
        with warnings.catch_warnings(action="ignore"):  # our own limit below is lower than Pillow's warning
            upload.seek(0)
            with Image.open(upload, formats=list(IMAGE_FORMATS)) as image:
                width, height = image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValidationError(
            _("This is not a JPEG, PNG or WebP picture. Export it as one of these and try again."), code="not_an_image"
        ) from None
    finally:
        upload.seek(0)
    if width * height > IMAGE_MAX_PIXELS:
        raise ValidationError(
            _("The picture has more than 40 megapixels. Scale it down and try again."), code="too_many_pixels"
        )


def check_document(upload):
    """Refuse what is not a PDF, Word, Excel or PowerPoint file of at most 50 MB, going by its first bytes."""
    if _is_stored(upload):
        return
    if upload.size > DOCUMENT_MAX_BYTES:
        raise ValidationError(_("The document is larger than 50 MB."), code="too_large")
    signature = DOCUMENT_SIGNATURES.get(Path(upload.name).suffix.lower())
    upload.seek(0)
    begins = upload.read(5)
    upload.seek(0)
    if signature is None or not begins.startswith(signature):
        raise ValidationError(_("Upload a PDF, DOCX, XLSX or PPTX file."), code="not_a_document")


def _is_stored(upload) -> bool:
    """Whether this is a file that was checked when it came in, rather than a new one."""
    return getattr(upload, "_committed", False)


def random_name(record, filename) -> str:
    """`organization/3f9a….png`: the folder names the kind of record; the name cannot be guessed."""
    ending = Path(filename).suffix.lower()
    if ending not in (*IMAGE_FORMATS.values(), ".jpeg", *DOCUMENT_SIGNATURES):
        ending = ".bin"
    return f"{record._meta.model_name}/{secrets.token_hex(16)}{ending}"


class ImageUpload(models.ImageField):
    """A picture that passed `check_image`, kept under a random name."""

    def __init__(self, verbose_name=None, **kwargs):
        super().__init__(verbose_name, **{"upload_to": random_name, "validators": [check_image], **kwargs})

    def formfield(self, **kwargs):
        # forms.ImageField would hand the upload to every decoder Pillow has, before any limit of ours
        return super().formfield(**{"form_class": forms.FileField, **kwargs})

    def update_dimension_fields(self, instance, *args, **kwargs):
        # Django measures a picture as soon as it is assigned, with every decoder Pillow has and before any validator
        if not (self.width_field and self.attname in instance.__dict__):
            return
        with contextlib.suppress(ValidationError, OSError):  # the validators refuse it, or the file is gone
            if picture := getattr(instance, self.attname):
                check_image(picture)
            super().update_dimension_fields(instance, *args, **kwargs)


class DocumentUpload(models.FileField):
    """A document that passed `check_document`, kept under a random name."""

    def __init__(self, verbose_name=None, **kwargs):
        super().__init__(verbose_name, **{"upload_to": random_name, "validators": [check_document], **kwargs})


@dataclass(frozen=True)
class StoredUpload:
    """A stored file, ready to be sent."""

    file: File
    file_name: str
    is_image: bool


def open_upload(name) -> StoredUpload:
    """The stored file `name` ("photo/3f9a….jpg"); OSError or ValueError when there is none.

    Only names that `random_name` can have made are looked up, so that no address reaches another file.
    """
    if not _STORED_NAME.fullmatch(name):
        raise ValueError("not a name of an upload")
    path = Path(name)
    return StoredUpload(
        default_storage.open(name), path.name, path.suffix in IMAGE_FORMATS.values() or path.suffix == ".jpeg"
    )
