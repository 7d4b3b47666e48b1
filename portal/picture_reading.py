"""Which files are read as pictures, and what an editor is told of the others.

Formats are sniffed from the content by a list of three decoders, because a name proves nothing, and a name that says
something else is refused as well. Every limit is kept before a pixel is decoded.
"""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, PngImagePlugin

from portal import picture_process
from portal.pictures import DamagedPictureError, Finished, finished

IMAGE_MAX_BYTES = 15 * 2**20
IMAGE_MAX_PIXELS = 40_000_000
SMALL_BYTES, SMALL_PIXELS = 200_000, 1_000_000  # up to these a picture is decoded here, which costs at most 25 MB
PngImagePlugin.MAX_TEXT_MEMORY = 16 * 2**20  # what a PNG may say of itself besides its pixels


@dataclass(frozen=True)
class ImageKind:
    """A kind of picture that is accepted, and what browsers and people call it; the usual ending stands first."""

    name: str
    endings: tuple[str, ...]
    content_types: tuple[str, ...]


IMAGE_KINDS = {
    "JPEG": (JPEG := ImageKind("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), ("image/jpeg", "image/jpg", "image/pjpeg"))),
    "MPO": JPEG,  # a JPEG followed by others, as many cameras write it; the first is the photograph
    "PNG": ImageKind("PNG", (".png",), ("image/png", "image/x-png")),
    "WEBP": ImageKind("WebP", (".webp",), ("image/webp",)),
}
DECODERS = ("JPEG", "PNG", "WEBP")
UNKNOWN_CONTENT_TYPES = (None, "", "application/octet-stream")
OUR_KINDS = rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP"
OTHER_KINDS = {  # what people take for one of them, by how its file begins
    "GIF": rb"GIF8",
    "TIFF": rb"II\*\0|MM\0\*",
    "BMP": rb"BM",
    "HEIC": rb"....ftyp(hei|hev|mif|msf)",
    "AVIF": rb"....ftypavi",
    "PDF": rb"%PDF-",
    "EPS": rb"%!PS|\xc5\xd0\xd3\xc6",
    "SVG": rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg",
    "HTML": rb"(?i)\s*<(!doctype html|html|head|body|script)",
}


def read_image(upload) -> Finished:
    """What is kept (`portal.pictures`) of an uploaded picture: a whole, still JPEG, PNG or WebP of at most 15 MB and
    40 megapixels that is called what it is. Anything else raises a ValidationError that says what to do."""
    if upload.size > IMAGE_MAX_BYTES:
        raise ValidationError(_("The picture is larger than 15 MB. Save it smaller and try again."), code="too_large")
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow's own, about pixels (our limit is lower) and metadata
            image = _opened(upload)
            _check_header(image, upload)
            if upload.size <= SMALL_BYTES and image.width * image.height <= SMALL_PIXELS:
                return finished(image)
            del image  # with the buffers of its decoder
            return picture_process.finished(upload)
    except DamagedPictureError:
        raise ValidationError(
            _("The picture is cut off or damaged. Export or download it again and upload the new file."), code="damaged"
        ) from None
    finally:
        upload.seek(0)


def _opened(upload) -> Image.Image:
    """The picture with nothing but its header read."""
    upload.seek(0)
    try:
        return Image.open(upload, formats=DECODERS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError):
        pass
    upload.seek(0)
    raise _not_an_image(upload.read(1000))


def _not_an_image(beginning):
    if re.match(OUR_KINDS, beginning, re.DOTALL):
        return DamagedPictureError()
    for kind, begins in OTHER_KINDS.items():
        if re.match(begins, beginning, re.DOTALL):
            text = _("This file is %(kind)s, not JPEG, PNG or WebP. Export the picture as one of these and try again.")
            return ValidationError(text, code="not_an_image", params={"kind": kind})
    return ValidationError(
        _("This is not a JPEG, PNG or WebP picture. Export it as one of these and try again."), code="not_an_image"
    )


def _check_header(image, upload):
    if image.width * image.height > IMAGE_MAX_PIXELS:
        raise _too_many_pixels()
    kind = IMAGE_KINDS[image.format]
    if kind is not JPEG and getattr(image, "is_animated", False):
        raise ValidationError(
            _("This picture moves. Export one frame of it as a still picture and try again."), code="animated"
        )
    _check_names(kind, Path(upload.name or "").suffix.lower(), getattr(upload, "content_type", ""))


def _too_many_pixels():
    return ValidationError(
        _("The picture has more than 40 megapixels. Scale it down and try again."), code="too_many_pixels"
    )


def _check_names(kind, ending, content_type):
    if ending and ending not in kind.endings:
        text = _(
            "This is a %(kind)s picture, but its name ends in “%(ending)s”. Let it end in “%(right)s” and try again."
        )
        params = {"kind": kind.name, "ending": ending, "right": kind.endings[0]}
        raise ValidationError(text, code="misnamed", params=params)
    if content_type not in (*UNKNOWN_CONTENT_TYPES, *kind.content_types):
        text = _("This is a %(kind)s picture, but it was sent as “%(type)s”. Export it again and upload the new file.")
        raise ValidationError(text, code="misnamed", params={"kind": kind.name, "type": content_type})
