"""What happens to an accepted picture. The uploader's file is never kept: it is decoded once, turned upright, brought
to sRGB, freed of everything that is not pixels (place, camera, author, comments, colour profile), and written anew as
WebP, once as a master and once in each narrower width that pages ask for.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import ExifTags, Image, ImageCms

LONGEST_SIDE = 2560  # of the master, in pixels
WIDTHS = (320, 640, 960, 1280, 1920)  # of its copies, as far as it is wider itself
QUALITY = 82

_UPRIGHT = {  # what undoes each orientation that EXIF knows
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class DamagedPictureError(ValueError):
    """The file begins like a picture and does not go on like one."""


@dataclass(frozen=True)
class Finished:
    """What is kept of a picture: `files` as `versions` gives them, `mode` and `size` of the first."""

    mode: str
    size: tuple[int, int]
    files: list[tuple[int, bytes]]


def finished(image: Image.Image) -> Finished:
    """What is kept of an image that was opened and not yet decoded. Raises `DamagedPictureError`."""
    master = normalized(image)
    return Finished(master.mode, master.size, list(versions(master)))


def normalized(image: Image.Image) -> Image.Image:
    """The master of an image that was opened and not yet decoded: whole, upright, RGB or RGBA in sRGB, at most
    `LONGEST_SIDE` pixels long, without metadata. Raises `DamagedPictureError` when its file is cut off or broken."""
    size = _fitting(image.size)
    image.draft(None, size)  # a JPEG can be decoded at a half, a quarter or an eighth of its size
    try:
        image.load()
    except Exception as error:  # decoders raise whatever they stumble over
        raise DamagedPictureError from error
    turn, profile = _turn(image), image.info.get("icc_profile")
    image = _in_srgb(_shrunk(_with_plain_colours(image), size), profile)
    image.info = {}
    return image if turn is None else image.transpose(turn)


def versions(master: Image.Image) -> Iterator[tuple[int, bytes]]:
    """The files to keep, each as its width and its content: the master, then the narrower ones, widest first."""
    yield master.width, _webp(master)
    image = master
    for width in reversed(narrower_than(master.width)):
        height = max(1, round(width * master.height / master.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
        yield width, _webp(image)


def narrower_than(width) -> list[int]:
    """The widths in which a master of `width` pixels is kept besides."""
    return [each for each in WIDTHS if each < width]


def name_at(name, width) -> str:
    """The name of the narrower version of the stored master `name`: `photo/3f9a….webp` -> `photo/3f9a…-640.webp`."""
    path = PurePosixPath(name)
    return str(path.with_stem(f"{path.stem}-{width}"))


def _fitting(size) -> tuple[int, int]:
    scale = min(1, LONGEST_SIDE / max(size))
    return tuple(max(1, round(side * scale)) for side in size)


def _turn(image):
    try:
        return _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # the pixels are sound, what is said of them is not
        return None


def _with_plain_colours(image):
    """The image in a mode that can be scaled: no palette, no bitmap, no 16-bit greys."""
    if image.mode == "I;16":
        return image.point(lambda grey: grey / 256).convert("L")
    if image.mode in ("L", "RGB", "CMYK", "LA", "RGBA") and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _shrunk(image, size):
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(image, profile):
    mode = "RGBA" if image.mode in ("LA", "RGBA") else "RGB"
    if profile:
        try:
            return ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):  # it is broken, or for another kind of picture
            pass
    return image.convert(mode)


def _webp(image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY)
    return file.getvalue()
