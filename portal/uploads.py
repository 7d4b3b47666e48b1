"""Uploaded files: which are accepted, and under which name they are kept.

A name given by the uploader never reaches the disk: the stored name is random and its ending comes from a list.
Formats are sniffed from the content, because a name proves nothing.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from portal import pictures
from portal.picture_reading import read_image

DOCUMENT_SIGNATURES = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".pptx": b"PK\x03\x04"}
DOCUMENT_MAX_BYTES = 50 * 2**20

_STORED_NAME = re.compile(r"[a-z]+/[0-9a-f]{32}(-[0-9]{3,4})?\.[a-z]{3,4}")


def check_image(upload):
    """Refuse what is not a picture that `read_image` accepts. A field keeps what was read until it is saved, so that no
    picture is decoded twice."""
    if not _is_stored(upload):
        is_of_a_field = isinstance(upload, Picture)
        finished = read_image(upload.file if is_of_a_field else upload)
        if is_of_a_field:
            upload.finished = finished


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
    """`organization/3f9a….pdf`: the folder names the kind of record; the name cannot be guessed."""
    ending = Path(filename).suffix.lower()
    if ending not in (".webp", *DOCUMENT_SIGNATURES):
        ending = ".bin"
    return f"{record._meta.model_name}/{secrets.token_hex(16)}{ending}"


def is_stored_name(name) -> bool:
    """Whether `random_name` can have given this name, or `pictures.name_at` made it of such a one."""
    return _STORED_NAME.fullmatch(name) is not None


# --- Fields -----------------------------------------------------------------------------------------------------------


class Picture(FieldFile):
    """An uploaded picture as a page shows it: its size and focal point are columns of its record, so that no page opens
    a file."""

    finished = None  # what is to be kept, between its check and its saving

    @property
    def width(self) -> int | None:
        return self._column("width")

    @property
    def height(self) -> int | None:
        return self._column("height")

    @property
    def srcset(self) -> str:
        """Every stored version with its width, for the attribute of that name."""
        if not self.width:
            return ""
        widths = [*pictures.narrower_than(self.width), self.width]
        return ", ".join(f"{self.url_at(width)} {width}w" for width in widths)

    def url_at(self, width) -> str:
        """The address of the narrowest stored version that is at least `width` pixels wide, or of the widest."""
        for each in pictures.narrower_than(self.width or 0):
            if each >= width:
                return self.storage.url(pictures.name_at(self.name, each))
        return self.url

    @property
    def focus_classes(self) -> str:
        """The classes of `picture.css` that keep the focal point in view where a picture is cropped."""
        x, y = (round(self._column(f"focus_{axis}") / 5) * 5 for axis in "xy")
        return f"focus-x-{x} focus-y-{y}"

    def _column(self, part):
        return getattr(self.instance, f"{self.field.name}_{part}")

    def save(self, name, content, save=True):
        """Stores what the picture shows (`pictures.versions`), never the uploaded file itself."""
        finished = self.finished or read_image(content)
        (_width, file), *narrower = finished.files
        super().save("picture.webp", ContentFile(file), save=False)
        for each, copy in narrower:
            self.storage.save(pictures.name_at(self.name, each), ContentFile(copy))
        self.field.measure(self.instance, *finished.size)
        if save:
            self.instance.save()

    save.alters_data = True


class ImageUpload(models.FileField):
    """The column of a `PictureField` that names the stored master."""

    attr_class = Picture

    def __init__(self, verbose_name=None, width_field=None, height_field=None, **kwargs):
        # the first migration still names the columns for width and height
        super().__init__(verbose_name, **{"upload_to": random_name, "validators": [check_image], **kwargs})

    def pre_save(self, record, add):
        picture = super().pre_save(record, add)
        if not picture:
            self.measure(record, None, None)
        return picture

    def measure(self, record, width, height):
        setattr(record, f"{self.name}_width", width)
        setattr(record, f"{self.name}_height", height)


class _SeveralColumns:
    """A field of a model in several columns, by what follows its name: "" is the field itself."""

    columns: dict[str, models.Field]

    def contribute_to_class(self, cls, name):
        for part, column in self.columns.items():
            column.contribute_to_class(cls, f"{name}{part}")


class PictureField(_SeveralColumns):
    """A picture that passed `check_image`, with what a page must know to show it.

    `logo = PictureField(_("logo"))` adds `logo`, `logo_width`, `logo_height`, `logo_focus_x` and `logo_focus_y`;
    `record.logo` is a `Picture`. Add `focus_rule` to the constraints of the model.
    """

    def __init__(self, verbose_name, **kwargs):
        self.columns = {
            "": ImageUpload(verbose_name, **kwargs),
            "_width": models.PositiveIntegerField(_("width"), null=True, editable=False),
            "_height": models.PositiveIntegerField(_("height"), null=True, editable=False),
            "_focus_x": models.PositiveSmallIntegerField(
                _("focal point from the left"),
                default=50,
                help_text=_(
                    "What must stay in view where the picture is cropped: click on the picture, or write the "
                    "percent of its width."
                ),
            ),
            "_focus_y": models.PositiveSmallIntegerField(
                _("focal point from the top"), default=50, help_text=_("In percent of its height.")
            ),
        }


def focus_rule(model_name, field_name) -> models.CheckConstraint:
    """The rule of a `PictureField`, for the constraints of its model."""
    return models.CheckConstraint(
        condition=Q(**{f"{field_name}_focus_x__lte": 100, f"{field_name}_focus_y__lte": 100}),
        name=f"{model_name}_{field_name}_focus_is_inside",
        violation_error_message=_("The focal point lies inside the picture: from 0 to 100 percent."),
    )


class DocumentUpload(models.FileField):
    """The column of a `DocumentField` that names the stored file."""

    def __init__(self, verbose_name=None, **kwargs):
        super().__init__(verbose_name, **{"upload_to": random_name, "validators": [check_document], **kwargs})

    def pre_save(self, record, add):
        file = getattr(record, self.attname)
        if file and not file._committed:
            setattr(record, f"{self.name}_size", file.size)
        return super().pre_save(record, add)


class DocumentField(_SeveralColumns):
    """A document that passed `check_document`, and its size: `file = DocumentField(_("file"))` adds `file` and
    `file_size`, in bytes, so that a list of documents opens none."""

    def __init__(self, verbose_name, **kwargs):
        self.columns = {
            "": DocumentUpload(verbose_name, **kwargs),
            "_size": models.PositiveIntegerField(_("size in bytes"), null=True, editable=False),
        }


# --- Sending ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StoredUpload:
    """A stored file, ready to be sent."""

    file: File
    file_name: str
    is_image: bool


def open_upload(name) -> StoredUpload:
    """The stored file `name` ("photo/3f9a….webp"); OSError or ValueError when there is none.

    Only names that the portal can have given are looked up, so that no address reaches another file.
    """
    if not is_stored_name(name):
        raise ValueError("not a name of an upload")
    path = Path(name)
    return StoredUpload(default_storage.open(name), path.name, path.suffix == ".webp")
