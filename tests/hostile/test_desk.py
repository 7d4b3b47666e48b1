"""What somebody at the desk can send to it: lists and their parameters, side views, forms, sheets, uploads; and what
strangers send to the door of the desk."""

import re
from itertools import cycle, islice

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests import factories
from tests.addresses import every_address
from tests.desk import form_of
from tests.hostile import parameters
from tests.hostile.conftest import TOKEN
from tests.hostile.files import BOMBS, PICTURES, SHEETS, picture
from tests.hostile.inputs import SEGMENTS, SHORT, VALUES, parts
from tests.hostile.test_strangers import escaped

pytestmark = pytest.mark.django_db

COUNTS = {"desk lists": 180, "side views": 130, "actions": 60, "sign-in": 70, "sheets": 19, "pictures": 19}


def list_of(app, model):
    return reverse(f"admin:{app}_{model}_changelist")


def test_parameters_of_lists(desk):
    values = cycle(SHORT.values())
    for (app, model), names in parameters.of_desk().items():
        for name in names[::2]:
            desk.ask(f"{list_of(app, model)}?{name}={escaped(next(values))}")

    assert desk.faults == []
    assert desk.count >= COUNTS["desk lists"]
    assert desk.statuses.keys() <= {200, 302, 400, 404}


def test_side_views(desk):
    segments = cycle(SEGMENTS.values())
    for address in every_address():
        if address.is_of_desk and ("/1/" in address.path or "a-token" in address.path):
            shape = address.path.replace("a-token", "{}") if "a-token" in address.path else address.path
            desk.ask(shape.replace("/1/", "/{}/", 1).replace("{}", next(segments)))
    for app, model in (("events", "agreement"), ("companies", "organization")):
        for value in islice(SHORT.values(), 0, None, 3):
            query = f"app_label={app}&model_name={model}&field_name={escaped(value)}&term={escaped(value)}"
            desk.ask(f"{reverse('admin:autocomplete')}?{query}")

    assert desk.faults == []
    assert desk.count >= COUNTS["side views"]


def test_actions_on_lists(desk):
    """An action that there is none of, records that there are none of, and confirmations nobody was asked for."""
    for number, value in enumerate(islice(SHORT.values(), 70)):
        field = (b"action", b"_selected_action", b"select_across", b"index", b"post")[number % 5]
        form = {b"action": b"publish", b"_selected_action": b"1", b"index": b"0", field: escaped(value).encode()}
        address = list_of(*(("events", "agreement"), ("companies", "organization"))[number % 2])
        desk.post(address, form.items(), cookie=desk.cookie)

    assert desk.faults == []
    assert desk.count >= COUNTS["actions"]


def test_signing_in(battery):
    User.objects.create_superuser("operator", password="correct horse battery staple")
    for number, value in enumerate(islice(VALUES.values(), 80)):
        field = (b"username", b"password", b"next", b"code")[number % 4]
        form = {b"username": b"operator", b"password": b"x", field: escaped(value).encode()}
        battery.post("/admin/login/", form.items(), remote_addr=f"198.51.{number}.9")

    assert battery.faults == []
    assert battery.count >= COUNTS["sign-in"]


def test_signing_in_leads_nowhere_else(battery):
    """With the right password, so that `next` is followed."""
    User.objects.create_superuser("operator", password="correct horse battery staple")
    for number, value in enumerate(SHORT.values()):
        form = {b"username": b"operator", b"password": b"correct+horse+battery+staple"}
        answer = battery.post(f"/admin/login/?next={escaped(value)}", form.items(), remote_addr=f"198.51.{number}.9")
        assert answer.status in (302, 400), answer.asked

    assert battery.faults == []


def sent(desk, address, field, name, content, content_type, **fields):
    described = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {content_type}'
    others = {"csrfmiddlewaretoken": TOKEN, **fields}
    named = [(f'Content-Disposition: form-data; name="{each}"', value.encode()) for each, value in others.items()]
    return desk.ask(
        address,
        method="POST",
        body=parts((described, content), *named, boundary="hostile"),
        content_type="multipart/form-data; boundary=hostile",
    )


def test_sheets(desk):
    address = reverse("admin:companies_organization_import")
    for name, content in SHEETS.items():
        answer = sent(desk, address, "sheet", name, content, "application/octet-stream", token="../../x")
        assert answer.status in (200, 422), name
        assert "ticket" not in answer.text.partition('name="ticket"')[2][:20], name

    assert desk.faults == []
    assert desk.count >= COUNTS["sheets"]


def test_pictures(desk, admin_client):
    """In a form that is sound otherwise: each is refused in words, and a picture is taken."""
    address = reverse("admin:events_photo_add")
    form = {name: str(value) for name, value in form_of(admin_client.get(address)).items()}
    form |= {"conference": str(factories.conference().pk), "alt_en": "A", "alt_zh_hans": "甲", "credit": "A"}
    for name, content in {**PICTURES, **BOMBS}.items():
        answer = sent(desk, address, "image", name, content, "application/octet-stream", **form)
        assert answer.status in (200, 422), (name, answer.status)

    taken = sent(desk, address, "image", "picture.png", picture("PNG"), "application/octet-stream", **form)

    assert taken.status == 302, re.findall(r"errorlist.{,300}", taken.text, re.DOTALL)
    assert desk.faults == []
    assert desk.count >= COUNTS["pictures"]
