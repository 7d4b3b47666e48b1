"""Who gets which answer at the addresses of the staff desk: found out by asking each of them, told as a table.

`cases()` are all addresses of `tests.url_conf` that are for staff, about records that exist; `ask()` asks one of them
and takes back whatever that changed; `document()` is docs/access.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import groupby

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import models, transaction
from django.test import Client, RequestFactory
from django.utils.http import urlencode

from events.models import Conference
from portal.desk.importing.kept import new_token
from portal.publishing import Publishable
from tests import factories
from tests.url_conf import Route, routes

GROUPS = {
    "auditor": "Auditors · 审阅",
    "editor": "Editors · 编辑",
    "publisher": "Publishers · 发布",
    "administrator": "Administrators · 管理",
}
ROLES = ("visitor", "account", "no role", *GROUPS, "superuser")
MIGHTY = ("publisher", "administrator", "superuser")
METHODS = ("GET", "POST")


def people() -> dict[str, User | None]:
    """Somebody in each role: nobody signed in, an account that is not staff, staff without a group, and so on."""
    found = {"visitor": None, "account": User.objects.create_user("account")}
    for role in ROLES[2:]:
        found[role] = User.objects.create_user(role.replace(" ", "-"), is_staff=True, is_superuser=role == "superuser")
    for role, name in GROUPS.items():
        found[role].groups.add(Group.objects.get(name=name))
    return found


# --- The addresses ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One address, about one record or about none."""

    route: Route
    path: str
    words: str  # how the table calls it
    record: models.Model | None = None

    @property
    def section(self) -> str:
        """The kind of record that its address names; "" where it names none."""
        app, _, rest = self.words.removeprefix(f"/{settings.ADMIN_PATH}").partition("/")
        name = rest.partition("/")[0]
        return f"{app}.{name}" if app in apps.app_configs and name in apps.all_models[app] else ""

    @property
    def posted(self) -> dict:
        """What a form there would send at least."""
        return {"post": "yes"} if self.route.name.endswith("_delete") else {}


def cases() -> list[Case]:
    """Every staff address with each record it can be about: a draft, a public and a deleted one; of kinds that are not
    published, one that is there."""
    kept = {model: _records_of(model) for model in admin.site._registry}
    return [case for route in routes() if route.is_for_staff for case in _cases_of(route, kept)]


def _records_of(model) -> dict[str, models.Model]:
    if model._meta.app_label == "auth":
        return {"": User.objects.create_user("somebody", is_staff=True) if model is User else Group.objects.first()}
    if issubclass(model, Publishable):
        kept = {"draft": factories.make(model, published_at=None), "public": factories.make(model)}
    else:
        kept = {"": factories.make(model)}
    if hasattr(model, "history"):
        for record in kept.values():
            record.save()  # once more, so that there is an earlier state to go back to
        kept["deleted"] = _deleted(factories.make(model))
    return kept


def _deleted(record):
    key = record.pk
    record.delete()
    record.pk = key
    return record


def _cases_of(route, kept) -> Iterator[Case]:
    words = f"/{route.path}"
    if route.is_regex:
        yield from (Case(route, path, path) for path in PATHS[route.name])
    elif not route.parameters:
        yield Case(route, words + QUERIES.get(route.name, ""), words)
    elif "object_id" in route.parameters:
        yield from _about_records(route, kept[apps.get_model(*route.path.split("/")[1:3])])
    else:
        yield Case(route, route.at(**_values(route)), words)


def _about_records(route, records):
    for state, record in records.items():
        if (state == "deleted") == route.name.endswith("_restore"):
            values = {"cut": _first_save_of(record)} if "cut" in route.parameters else {}
            words = f"/{route.path}" + (f" · {state}" if state else "")
            yield Case(route, route.at(object_id=record.pk, **values), words, record)


def _first_save_of(record):
    return admin.site.get_model_admin(type(record))._timeline(str(record.pk)).saves[-1].cut


def _values(route) -> dict:
    """What else is filled in; KeyError for a parameter that nobody has thought of."""
    colleague, draft = User.objects.get(username="somebody"), Conference.objects.drafts().first()
    known = {
        "file_format": "csv",
        "id": colleague.pk,
        "label": "events.conference",
        "pk": draft.pk if "label" in route.parameters else colleague.pk,
        "token": new_token(),
        "uidb64": "MQ",
    }
    return {name: known[name] for name in route.parameters}


QUERIES = {
    "admin:autocomplete": "?" + urlencode({"app_label": "events", "model_name": "agreement", "field_name": "place"})
}
PATHS = {
    "admin:app_list": [f"/{settings.ADMIN_PATH}{app}/" for app in ("auth", "companies", "events", "portal")],
    "admin:": [f"/{settings.ADMIN_PATH}nowhere"],
}


# --- The answers ------------------------------------------------------------------------------------------------------


def browser_of(user) -> Client:
    """A browser in which `user` is signed in."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client, method, case):
    """The answer, after everything that it changed was taken back."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = client.post(case.path, case.posted) if method == "POST" else client.generic(method, case.path)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


# --- The document -----------------------------------------------------------------------------------------------------

HEAD = """\
# Who gets which answer at the desk

Made by `make access`, which asks every address of the desk in every role; `tests/test_access.py` asks again and fails
where an answer differs or an address is missing. Each cell says the status of GET and of POST.

| status | what it means |
|---|---|
| 200 | the page; for POST: the form again, because this one was empty |
| 302 | led on: strangers to the sign-in, a POST that was carried out to what comes next |
| 403 | refused, whatever the record; the page of the refusal names none |
| 404, 410 | there is nothing for this person here; a shared preview that has ended |
| 405 | an address that is only read, or only posted to |
| 422 | an import without a file |

A *visitor* is not signed in, an *account* is signed in and not staff, *no role* is staff in no group. Where
SECOND_FACTOR is `required`, whoever is signed in without a phone gets the answers of a visitor, in every role and at
every address.
"""


def document(answers) -> str:
    """docs/access.md out of `answers`: by the words of a case, by role, the two statuses."""
    parts = [HEAD]
    in_sections = sorted(answers, key=lambda case: case.section)
    for section, listed in groupby(in_sections, key=lambda case: case.section):
        parts += [f"## {_title(section)}\n", _row("address", ROLES), _row("---", ["---"] * len(ROLES))]
        parts += [_row(f"`{case.words}`", map(_cell, answers[case].values())) for case in listed]
        parts.append("")
    return "\n".join(parts)


ACTIONS = """\
## What the lists offer to do with many records

Which actions of a list somebody in each role is offered, and so can carry out: Django refuses what it did not offer.
"""


def document_of_actions(staff) -> str:
    """The last part of docs/access.md: the actions of every list, by role."""
    parts = [ACTIONS, _row("action", staff), _row("---", ["---"] * len(staff))]
    offered = {role: _offered_to(user) for role, user in staff.items()}
    for each in sorted(set().union(*offered.values())):
        parts.append(_row(each, ("yes" if each in offered[role] else "–" for role in staff)))
    return "\n".join(parts) + "\n"


def _offered_to(user) -> set[str]:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    desks = admin.site._registry.items()
    return {f"{model._meta.label_lower} · {name}" for model, desk in desks for name in desk.get_actions(request)}


def recorded(text) -> dict[str, dict[str, tuple[int, int]]]:
    """What such a document says: by the words of a case, by role."""
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.MULTILINE)
    return {words: dict(zip(ROLES, map(_statuses, cells.split(" | ")), strict=True)) for words, cells in rows}


def _title(section):
    return str(apps.get_model(section)._meta.verbose_name_plural).capitalize() if section else "The desk itself"


def _row(first, others):
    return f"| {first} | {' | '.join(others)} |"


def _cell(statuses):
    return " ".join(map(str, statuses))


def _statuses(cell):
    return tuple(map(int, cell.split()))
