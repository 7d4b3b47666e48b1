"""Files that are none of what they are called, and files that grow when they are opened."""

import io
import struct
import zipfile
import zlib

from PIL import Image

HTML = b"<!doctype html><script>h0st1le</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="h0st1le"><script>1</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (r) file\n"


def picture(image_format, size=(40, 30), mode="RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, image_format, **options)
    return file.getvalue()


def _chunk(kind, data) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks, rows=b"", depth=8, colours=2) -> bytes:
    """A PNG of one's own making, whose header may promise anything."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def zeros(megabytes) -> bytes:
    """That many, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()


def workbook(**parts) -> bytes:
    """A zip file of these parts, with `__` for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


SHEETS = {
    "empty.csv": b"",
    "nul.csv": b"name\x00,a\n\x00,b\n",
    "utf-16.csv": "name,website\nA,B\n".encode("utf-16"),
    "no-charset.csv": bytes(range(256)) * 20,
    "quotation.csv": b'name\n"' + b"a" * 200_000,
    "wide.csv": b",".join([b"a"] * 50_000) + b"\n",
    "long.csv": b"name\n" + b"a\n" * 25_000,
    "cell.csv": b"name\n" + b"a" * 300_000 + b"\n",
    "markup.csv": b"name (English),name\n<h0st1le>,<img src=x onerror=h0st1le>\n",
    "formula.csv": b"=cmd|' /C calc'!A0,@SUM(1)\n=HYPERLINK(\"http://h0st1le.example\"),-1\n",
    "sheet.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "sheet.html": HTML,
    "../../../etc/<h0st1le>.csv": b"a\nb\n",
    "no-zip.xlsx": b"PK\x03\x04" + bytes(3000),
    "nothing.xlsx": workbook(**{"a.txt": b"a"}),
    "doctype.xlsx": workbook(
        **{
            "[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><x>&c;</x>',
            "xl__workbook.xml": b"<workbook/>",
        }
    ),
    "elsewhere.xlsx": workbook(**{"..__..__..__etc__cron.d__x": b"a", "xl__workbook.xml": b"<workbook/>"}),
    "bomb.xlsx": workbook(**{"xl__workbook.xml": b" " * 150 * 2**20}),
    "rows.xlsx": workbook(**{"xl__worksheets__sheet1.xml": b"<worksheet>" + b"<row/>" * 300_000 + b"</worksheet>"}),
}

PICTURES = {
    "page.jpg": HTML,
    "drawing.png": SVG,
    "drawing.svg": SVG,
    "page.eps": EPS,
    "nothing.jpg": b"",
    "beginning.jpg": b"\xff\xd8\xff",
    "cut-off.jpg": picture("JPEG", (300, 300))[:300],
    "called.gif": picture("PNG"),
    "moving.webp": picture("WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), "red")]),
    "is.gif.png": picture("GIF"),
    "is-tiff.jpg": picture("TIFF"),
    "no-rows.png": png(4000, 4000, rows=zlib.compress(b"")),
    "other-rows.png": png(60, 60, rows=b"no zlib at all"),
    "<h0st1le>.png": HTML,
}

BOMBS = {  # small files that promise or hold far more
    "pixels.png": png(65_000, 65_000, rows=zlib.compress(b"")),
    "144-megapixels.png": png(12_000, 12_000, rows=zeros(20)),
    "wide.png": png(2**31 - 1, 1, rows=zlib.compress(b"")),
    "texts.png": png(
        9, 9, *(_chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(2**20))) for _ in range(60)), rows=zlib.compress(b"")
    ),
    "profile.png": png(9, 9, _chunk(b"iCCP", b"a\x00\x00" + zeros(60)), rows=zlib.compress(b"")),
}


def forty_megapixels(image_format, **options) -> bytes:
    """The largest picture that is accepted, in few bytes."""
    return picture(image_format, (8000, 5000), **options)
