"""Editors of a crash drill: what they save, what was acknowledged, and whether it is all there afterwards."""

import csv
import http.client
import io
import itertools
import sys
from collections import defaultdict
from http.cookies import CookieError
from threading import Lock

from scratch_server import ROOT

sys.path.insert(0, str(ROOT))  # for tests/visitors.py

ROWS = 5  # of each imported sheet
EDITOR, PASSWORD = "editor-of-the-drill", "correct horse battery staple"
LOST = (OSError, http.client.HTTPException, CookieError)


class Acknowledged:
    """What the portal said was saved, by kind of save. `tried` holds everything that was sent, answered or not."""

    def __init__(self):
        self.saved, self.tried, self.refused = defaultdict(list), defaultdict(list), defaultdict(int)
        self._lock = Lock()

    def take_down(self, kind, what, status):
        with self._lock:
            self.tried[kind].append(what)
            if status == 302:
                self.saved[kind].append(what)
            else:
                self.refused[status] += 1

    @property
    def total(self) -> int:
        return sum(map(len, self.saved.values()))


class Editor:
    """Somebody signed in who saves one thing after another, each of its own."""

    def __init__(self, name, server, source, taken_down):
        from tests.visitors import Visitor

        self.name, self.server, self.source, self.taken_down = name, server, source, taken_down
        self.visitor, self.forms, self.own = Visitor(None), {}, []
        self.numbers = itertools.count(1)
        self.picture = _picture()

    def sign_in(self):
        self.visitor.post(self.server, "/admin/login/", {"username": EDITOR, "password": PASSWORD})

    def save_something(self):
        number = next(self.numbers)
        kind = ("agreement", "agreement", "edit", "company", "publish", "agreement", "edit", "import")[number % 8]
        if kind in ("edit", "publish") and not self.own:
            kind = "agreement"
        getattr(self, f"_{kind}")(f"drill-{self.name}-{number}")

    def _form(self, path, keep=True):
        if path in self.forms:
            return self.forms[path]
        form = self.visitor.form(self.server, path)
        if "csrfmiddlewaretoken" not in form or "username" in form:  # an error page, or the way in
            self.sign_in()
            raise ConnectionError("no form")
        if keep:
            self.forms[path] = form
        return form

    def _send(self, kind, what, path, form):
        status = None
        try:
            answer = self.visitor.post(
                self.server, path, {name: value for name, value in form.items() if "__prefix__" not in name}
            )
            status = answer.status
            if status == 302 and "login" in answer.location:
                status = "signed out"
                self.sign_in()
            elif status == 200:
                status = f"refused: {answer.complaints[:2]}"
            return answer
        finally:
            self.taken_down.take_down(kind, what, status)

    def _agreement(self, slug, button="_draft"):
        path = "/admin/events/agreement/add/"
        form = self._form(path) | {"title_en": slug, "title_zh_hans": f"协议 {slug}", "slug": slug, button: ""}
        form = _with_row(form, "parties", name_en=f"Party of {slug}", name_zh_hans="某公司", role="investor")
        form = _with_row(form, "citations", source=self.source)
        form = _with_row(form, "signings", signed_on="2024-11")
        answer = self._send("agreement", slug, path, form)
        if answer.status == 302:
            self.own.append([slug, ""])

    def _edit(self, title):
        self._change("edit", title, "_draft")

    def _publish(self, title):
        self._change("publish", title, "_publish")

    def _change(self, kind, title, button):
        slug, path = self.own[-1]
        if not path:
            found = self.visitor.get(self.server, f"/admin/events/agreement/?q={slug}").text
            before, _, _after = found.partition(f">{slug}<")
            path = before.rpartition('href="')[2].partition('"')[0].partition("?")[0]
            if not path.startswith("/admin/events/agreement/"):
                raise ConnectionError("no list")
            self.own[-1][1] = path
        form = self._form(path, keep=False) | {"title_en": title, "title_zh_hans": f"协议 {title}", button: ""}
        self._send(kind, (slug, title), path, form)

    def _company(self, slug):
        path = "/admin/companies/organization/add/"
        form = self._form(path) | {"name_en": slug, "name_zh_hans": f"公司 {slug}", "slug": slug, "_draft": ""}
        self._send("company", slug, path, form | {"logo": _file(self.picture)})

    def _import(self, slug):
        path = "/admin/companies/organization/import/"
        sheet = io.StringIO()
        names = [[f"{slug} row {n}", f"表格 {slug} {n}"] for n in range(ROWS)]
        csv.writer(sheet).writerows([["name (English)", "名称（中文）"], *names])
        preview = self.visitor.post(self.server, path, {"sheet": _file(sheet.getvalue().encode(), "companies.csv")})
        _, _, after = preview.text.partition('name="ticket" value="')
        if not after:
            self.taken_down.take_down("import", slug, f"preview {preview.status}")
            return
        self._send("import", slug, path, {"ticket": after.partition('"')[0]})


def _with_row(form, prefix, **values):
    number = int(form[f"{prefix}-TOTAL_FORMS"])
    empty = {name: value for name, value in form.items() if f"{prefix}-__prefix__-" in name}
    row = {name.replace("__prefix__", str(number)): value for name, value in empty.items()}
    named = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {**form, **row, **named, f"{prefix}-TOTAL_FORMS": str(number + 1)}


def _file(content, name="logo.png"):
    file = io.BytesIO(content)
    file.name = name
    return file


def _picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (700, 350), "teal").save(file, "PNG")
    return file.getvalue()


# --- Afterwards -------------------------------------------------------------------------------------------------------


def judged(taken_down) -> list[str]:
    """What is wrong with the portal after the drill: acknowledged and lost, or half there. Needs Django."""
    from companies.models import Organization
    from events.models import Agreement
    from portal.search.kinds import registered
    from portal.search.models import Document
    from portal.search.waiting import index_some, is_behind

    while is_behind():
        index_some(patiently=True)
    wrong = []
    kinds = {kind.model: kind.number for kind in registered()}
    found = {each.slug: each for each in Agreement.objects.filter(slug__startswith="drill-")}
    documents = set(Document.objects.filter(kind=kinds[Agreement]).values_list("record_id", flat=True))
    wrong += [f"lost: {slug}" for slug in taken_down.saved["agreement"] if slug not in found]
    for slug, agreement in found.items():
        parts = [
            agreement.parties.count() == 1,
            agreement.citations.count() == 1,
            agreement.signings.count() == 1,
            bool(agreement.title_zh_hans),
            agreement.history.filter(history_type="+").count() == 1,
            agreement.parties.first() is not None and agreement.parties.first().history.count() >= 1,
            agreement.pk in documents,
            agreement.history.first().title_en == agreement.title_en,
        ]
        if not all(parts):
            wrong.append(f"half-made: {slug} {parts}")
    gone = Agreement.history.filter(slug__startswith="drill-").exclude(slug__in=found)
    wrong += [f"history without its record: {slug}" for slug in gone.values_list("slug", flat=True)]
    wrong += _wrong_titles(taken_down, found)
    names = set(Organization.objects.filter(name_en__startswith="drill-").values_list("name_en", flat=True))
    wrong += [f"lost: {slug}" for slug in taken_down.saved["company"] if slug not in names]
    for sheet in taken_down.tried["import"]:
        rows = sum(f"{sheet} row {n}" in names for n in range(ROWS))
        if rows not in (0, ROWS) or (rows == 0 and sheet in taken_down.saved["import"]):
            wrong.append(f"sheet {sheet}: {rows} of {ROWS} rows")
    return wrong


def _wrong_titles(taken_down, found):
    """A record bears the title of its last acknowledged change, or of one that was sent after it."""
    for kinds in (("edit", "publish"),):
        tried, saved = defaultdict(list), {}
        for kind in kinds:
            for slug, title in taken_down.tried[kind]:
                tried[slug].append(title)
            for slug, title in taken_down.saved[kind]:
                saved[slug] = max(saved.get(slug, title), title, key=_number)
        for slug, titles in tried.items():
            last = _number(saved[slug]) if slug in saved else 0
            good = {title for title in titles if _number(title) >= last} | ({slug} if slug not in saved else set())
            if slug in found and found[slug].title_en not in good:
                yield f"lost: the title of {slug} is {found[slug].title_en}, acknowledged was {saved.get(slug)}"


def _number(title) -> int:
    return int(title.rpartition("-")[2])
