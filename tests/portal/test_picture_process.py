"""Large pictures are decoded elsewhere, within limits; what cannot be done there is a refusal."""

import io

import pytest
from PIL import Image

from portal import picture_process
from portal.picture_reading import SMALL_PIXELS, read_image
from portal.pictures import DamagedPictureError, finished
from tests import factories


@pytest.fixture
def decoded_apart(monkeypatch):
    """The pictures that were handed to another process."""
    handed = []
    monkeypatch.setattr(
        picture_process, "finished", lambda file, real=picture_process.finished: handed.append(file) or real(file)
    )
    return handed


def test_a_small_picture_is_decoded_here_and_a_large_one_elsewhere(decoded_apart):
    small, large = factories.picture(size=(1000, 1000)), factories.picture(size=(1000, 1001))

    read_image(small)
    read_image(large)

    assert SMALL_PIXELS == 1000 * 1000
    assert decoded_apart == [large]


def test_a_picture_of_many_bytes_is_decoded_elsewhere_however_small_it_is(decoded_apart):
    noise = io.BytesIO()
    Image.effect_noise((600, 600), 99).save(noise, "PNG")
    picture = factories.picture("a.png", "PNG", (8, 8))
    picture.file = noise
    picture.size = len(noise.getvalue())

    read_image(picture)

    assert decoded_apart == [picture]


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_both_ways_lead_to_the_same(image_format):
    picture = factories.picture(image_format=image_format, size=(700, 500))

    apart = picture_process.finished(picture)
    picture.seek(0)

    assert apart == finished(Image.open(picture))
    assert [width for width, _content in apart.files] == [700, 640, 320]


def test_what_is_damaged_is_damaged_there_too():
    with pytest.raises(DamagedPictureError):
        picture_process.finished(io.BytesIO(b"\xff\xd8\xff" + bytes(3000)))


def test_a_decoder_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(picture_process, "MOST_TIME", 0.001)

    with pytest.raises(DamagedPictureError):
        picture_process.finished(factories.picture(size=(700, 500)))


def test_a_decoder_knows_no_secret(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        picture_process.subprocess,
        "run",
        lambda *args, real=picture_process.subprocess.run, **how: seen.update(how) or real(*args, **how),
    )

    picture_process.finished(factories.picture(size=(700, 500)))

    assert seen["env"] == {}
