"""Pictures that take much memory or time are decoded in a process of their own, one at a time.

A file of a few kilobytes can ask for 40 megapixels, and a decoder that knows no smaller scale (WebP, PNG) then takes up
to 700 MB. In a process of its own that memory is bounded and given back at once, the time is bounded too, and whoever
finds a hole in a decoder finds a process that knows no database and no key.
"""

import json
import resource
import subprocess
import sys
import warnings
from pathlib import Path
from threading import Lock

from PIL import Image

from portal.pictures import DamagedPictureError, Finished
from portal.pictures import finished as finished_here

MOST_MEMORY = 2**30  # bytes of addresses; 40 megapixels of WebP take 0.8 of them
MOST_TIME = 20  # seconds; 40 megapixels take three
ROOT = Path(__file__).resolve().parent.parent

_one_at_a_time = Lock()


def finished(upload) -> Finished:
    """What is kept of the uploaded picture (`portal.pictures.finished`). Raises `DamagedPictureError`, also where it
    would take too much memory or time."""
    upload.seek(0)
    command = [sys.executable, "-m", "portal.picture_process"]
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603
                command, cwd=ROOT, env={}, input=upload.read(), capture_output=True, timeout=MOST_TIME, check=True
            )
        except subprocess.SubprocessError as error:
            raise DamagedPictureError from error
    return _read(done.stdout)


def _written(picture) -> bytes:
    """A line of JSON, then the files: nothing that could do anything where it is read."""
    files = [(width, len(content)) for width, content in picture.files]
    line = json.dumps({"mode": picture.mode, "size": picture.size, "files": files})
    return b"".join([line.encode(), b"\n", *(content for _width, content in picture.files)])


def _read(sent) -> Finished:
    line, _, rest = sent.partition(b"\n")
    said, files = json.loads(line), []
    for width, length in said["files"]:
        files.append((width, rest[:length]))
        rest = rest[length:]
    return Finished(said["mode"], tuple(said["size"]), files)


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_TIME, MOST_TIME))
    warnings.simplefilter("ignore")
    image = Image.open(sys.stdin.buffer, formats=("JPEG", "PNG", "WEBP"))
    sys.stdout.buffer.write(_written(finished_here(image)))


if __name__ == "__main__":
    main()
