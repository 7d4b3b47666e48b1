import io
import re
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Document, Photo, Speaker
from portal.uploads import DOCUMENT_MAX_BYTES, check_document, check_image, open_upload, random_name
from tests import factories

NOT_A_DOCUMENT = "Upload a PDF, DOCX, XLSX or PPTX file."

HTML = b"<!doctype html><script>alert(1)</script>"
ZIP = b"PK\x03\x04" + bytes(26)


def upload(name, content):
    return SimpleUploadedFile(name, content, "")


def stored_files():
    """The names of everything that was ever stored, without its random part."""
    root = Path(default_storage.location)
    names = (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return sorted(re.sub(r"[0-9a-f]{32}", "*", name) for name in names)


def refusal_of(check, file):
    with pytest.raises(ValidationError) as refusal:
        check(file)
    return refusal.value.messages


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_accepted_and_left_at_its_beginning(image_format):
    picture = factories.picture(image_format=image_format)

    check_image(picture)

    assert picture.tell() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field", "make"),
    [(Photo, "image", factories.photo), (Speaker, "portrait", factories.speaker)],
    ids=["required", "optional"],
)
def test_a_form_answers_a_hostile_picture_with_a_sentence(model, field, make):
    form_class = forms.modelform_factory(model, fields=[field])

    form = form_class({}, {field: upload("stage.jpg", HTML)}, instance=make())

    message = "This file is HTML, not JPEG, PNG or WebP. Export the picture as one of these and try again."
    assert form.errors == {field: [message]}


@pytest.mark.django_db
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_stored_anew_in_several_widths(image_format):
    factories.photo(image=factories.picture("Zhai Jinguo signs." + image_format.lower(), image_format, (1000, 500)))

    assert stored_files() == ["photo/*-320.webp", "photo/*-640.webp", "photo/*-960.webp", "photo/*.webp"]


@pytest.mark.django_db
def test_every_stored_version_is_a_webp_of_the_width_in_its_name():
    picture = factories.photo(image=factories.picture(size=(1000, 500))).image
    names = [picture.name.replace(".webp", ending) for ending in (".webp", "-320.webp", "-640.webp", "-960.webp")]

    versions = [Image.open(default_storage.open(name)) for name in names]

    assert [(each.format, each.size) for each in versions] == [
        ("WEBP", (1000, 500)),
        ("WEBP", (320, 160)),
        ("WEBP", (640, 320)),
        ("WEBP", (960, 480)),
    ]


@pytest.mark.django_db
def test_a_form_decodes_a_picture_once(monkeypatch):
    form_class = forms.modelform_factory(Photo, fields=["image"])
    form = form_class({}, {"image": factories.picture(size=(7, 5))}, instance=factories.photo())
    opened = []
    monkeypatch.setattr(Image, "open", lambda *args, real=Image.open, **kw: opened.append(args) or real(*args, **kw))

    form.save()

    assert len(opened) == 1


@pytest.mark.django_db
def test_a_picture_is_measured_when_it_is_saved():
    form_class = forms.modelform_factory(Photo, fields=["image"])

    form = form_class({}, {"image": factories.picture(size=(7, 5))}, instance=factories.photo())
    photo = form.save()

    photo.refresh_from_db()
    assert (form.errors, photo.image_width, photo.image_height) == ({}, 7, 5)


@pytest.mark.django_db
def test_a_picture_that_is_taken_away_has_no_size():
    speaker = factories.speaker(portrait=factories.picture())
    form_class = forms.modelform_factory(Speaker, fields=["portrait"])

    form_class({"portrait-clear": "on"}, instance=speaker).save()

    speaker.refresh_from_db()
    assert (speaker.portrait.name, speaker.portrait_width, speaker.portrait_height) == ("", None, None)


@pytest.mark.django_db
def test_a_program_that_stores_a_picture_without_a_form_gets_no_further():
    speaker = factories.speaker()

    with pytest.raises(ValidationError):
        speaker.portrait.save("stage.jpg", ContentFile(HTML, "stage.jpg"))

    assert stored_files() == []


@pytest.mark.django_db
def test_a_program_that_stores_a_picture_without_a_form_stores_it_anew():
    speaker = factories.speaker()

    speaker.portrait.save("stage.png", factories.picture(size=(400, 300)))

    speaker.refresh_from_db()
    assert (speaker.portrait_width, speaker.portrait_height) == (400, 300)
    assert stored_files() == ["speaker/*-320.webp", "speaker/*.webp"]


@pytest.mark.django_db
def test_a_stored_picture_is_not_checked_again():
    photo = factories.photo()
    photo.image.storage.delete(photo.image.name)

    photo.full_clean()

    assert Photo.objects.get().image.name == photo.image.name


# --- pictures on pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(db, django_assert_num_queries):
    """A picture of 1000 by 500 pixels as a page has it: loaded, and with its files gone, for no page opens one."""
    photo = factories.photo(image=factories.picture(size=(1000, 500)), image_focus_x=32, image_focus_y=100)
    picture = Photo.objects.get(pk=photo.pk).image
    for path in Path(default_storage.location).rglob("*.webp"):
        path.unlink()
    with django_assert_num_queries(0):
        yield picture


def test_a_picture_knows_its_size_without_its_file(shown):
    assert (shown.width, shown.height) == (1000, 500)


def test_a_picture_offers_all_its_widths(shown):
    stem = f"/media/{shown.name.removesuffix('.webp')}"

    assert shown.srcset == f"{stem}-320.webp 320w, {stem}-640.webp 640w, {stem}-960.webp 960w, {stem}.webp 1000w"


@pytest.mark.parametrize(
    ("width", "ending"),
    [(1, "-320.webp"), (320, "-320.webp"), (321, "-640.webp"), (960, "-960.webp"), (961, ".webp"), (5000, ".webp")],
)
def test_the_narrowest_version_that_is_wide_enough_is_found(shown, width, ending):
    assert shown.url_at(width) == f"/media/{shown.name.removesuffix('.webp')}{ending}"


def test_the_focal_point_is_named_in_steps_of_five(shown):
    assert shown.focus_classes == "focus-x-30 focus-y-100"


@pytest.mark.django_db
def test_the_focal_point_is_the_middle_until_an_editor_moves_it():
    assert factories.photo().image.focus_classes == "focus-x-50 focus-y-50"


@pytest.mark.django_db
def test_a_picture_from_before_there_were_widths_is_shown_as_it_is():
    photo = factories.photo()
    photo.image_width = None

    assert (photo.image.srcset, photo.image.url_at(320)) == ("", photo.image.url)


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme.pdf", b"%PDF-1.7\n%%EOF\n"),
        ("PROGRAMME.PDF", b"%PDF-1.7\n%%EOF\n"),
        ("programme.docx", ZIP),
        ("figures.xlsx", ZIP),
        ("slides.pptx", ZIP),
    ],
)
def test_a_document_is_accepted_and_left_at_its_beginning(name, content):
    document = upload(name, content)

    check_document(document)

    assert document.tell() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programme.pdf", HTML),
        ("programme.pdf", ZIP),
        ("programme.pdf", b" %PDF-1.7"),
        ("programme.pdf", b"%PDF"),
        ("programme.pdf", b""),
        ("programme.docx", b"%PDF-1.7"),
        ("programme.doc", b"\xd0\xcf\x11\xe0"),
        ("programme.docm", ZIP),
        ("archive.zip", ZIP),
        ("page.html", b"%PDF-1.7"),
        ("program.exe", b"MZ"),
        ("programme", b"%PDF-1.7"),
        ("programme.pdf.html", b"%PDF-1.7"),
    ],
)
def test_what_is_not_a_document_is_refused(name, content):
    assert refusal_of(check_document, upload(name, content)) == [NOT_A_DOCUMENT]


@pytest.mark.parametrize(
    ("size", "messages"),
    [(DOCUMENT_MAX_BYTES, []), (DOCUMENT_MAX_BYTES + 1, ["The document is larger than 50 MB."])],
)
def test_a_document_of_fifty_megabytes_is_the_largest(size, messages):
    document = upload("programme.pdf", b"%PDF-1.7")
    document.size = size

    refused = refusal_of(check_document, document) if messages else check_document(document) or []

    assert refused == messages


@pytest.mark.django_db
def test_a_form_answers_a_hostile_document_with_our_message():
    form_class = forms.modelform_factory(Document, fields=["file"])

    form = form_class({}, {"file": upload("programme.pdf", HTML)}, instance=factories.document())

    assert form.errors == {"file": [NOT_A_DOCUMENT]}


@pytest.mark.django_db
def test_a_document_knows_its_size_without_its_file():
    document = factories.document(file=upload("programme.pdf", b"%PDF-1.7\n" + bytes(91)))
    default_storage.delete(document.file.name)

    document.refresh_from_db()

    assert document.file_size == 100


@pytest.mark.django_db
def test_the_size_of_a_document_follows_its_file():
    document = factories.document()
    form_class = forms.modelform_factory(Document, fields=["file"])

    form_class({}, {"file": upload("programme.pdf", b"%PDF-1.7")}, instance=document).save()

    document.refresh_from_db()
    assert document.file_size == 8


@pytest.mark.django_db
def test_a_document_that_is_saved_again_keeps_its_size():
    document = factories.document()

    Document.objects.get().save()

    assert Document.objects.get().file_size == document.file_size


# --- stored names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "ending"),
    [
        ("picture.webp", ".webp"),
        ("programme.pdf", ".pdf"),
        ("FIGURES.XLSX", ".xlsx"),
        ("stage.jpg", ".bin"),
        ("page.html", ".bin"),
        ("logo.svg", ".bin"),
        ("stage.webp.php", ".bin"),
        ("../../etc/passwd", ".bin"),
        ("stage", ".bin"),
        ("", ".bin"),
    ],
)
def test_the_stored_name_keeps_nothing_of_the_given_one_but_a_known_ending(given_name, ending):
    name = random_name(Photo(), given_name)

    assert re.fullmatch(r"photo/[0-9a-f]{32}" + re.escape(ending), name)


def test_the_stored_name_cannot_be_guessed():
    names = {random_name(Photo(), "picture.webp") for _ in range(100)}

    assert len(names) == 100


@pytest.mark.django_db
def test_uploads_are_stored_under_random_names():
    photo = factories.photo(image=factories.picture("Zhai Jinguo signs.png"))
    document = factories.document(file=factories.pdf("internal draft.pdf"))

    names = [photo.image.name, document.file.name]

    assert re.fullmatch(r"photo/[0-9a-f]{32}\.webp document/[0-9a-f]{32}\.pdf", " ".join(names))


# --- sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stored_upload_can_be_opened_by_its_name():
    photo, document = factories.photo(), factories.document()

    with open_upload(photo.image.name).file as picture, open_upload(document.file.name).file as paper:
        contents = picture.read(), paper.read()

    assert [Image.open(io.BytesIO(contents[0])).size, contents[1]] == [(4, 3), b"%PDF-1.7\n%%EOF\n"]
    assert [open_upload(name).is_image for name in (photo.image.name, document.file.name)] == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("width", [320, 400])
def test_every_version_of_a_picture_is_sent_as_webp_to_look_at(client, monkeypatch, width):
    monkeypatch.setattr("mimetypes.guess_type", lambda *_args, **_options: (None, None))  # as on a bare system
    photo = factories.photo(image=factories.picture(size=(400, 300)))

    response = client.get(photo.image.url_at(width))

    assert Image.open(io.BytesIO(response.getvalue())).width == width
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    "name",
    [
        "../settings.py",
        "photo/../../settings.py",
        "/etc/passwd",
        "photo/stage.webp",
        "photo/" + "0" * 31 + ".webp",
        "photo/" + "0" * 32 + ".webp/",
        "photo/" + "0" * 32 + ".webp\n",
        "photo/" + "0" * 32 + "\x00.webp",
        "photo/" + "0" * 32 + "-1.webp",
        "photo/" + "0" * 32 + "-32000.webp",
        "photo/" + "0" * 32 + "-../x.webp",
        "photo/" + "0" * 300 + ".webp",
        "",
    ],
)
def test_no_name_but_that_of_an_upload_is_looked_up(name):
    with pytest.raises(ValueError, match=r"^not a name of an upload$"):
        open_upload(name)


def test_a_missing_upload_is_an_error_of_the_file_system():
    with pytest.raises(FileNotFoundError):
        open_upload(f"photo/{'0' * 32}.webp")
