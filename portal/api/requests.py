"""What a request asks of a dataset: its parameters, each known, given once and with a value that means something."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from portal.api.cursors import Page, limit_of, page_of
from portal.api.languages import TAGS
from portal.api.problems import Problem, code_of, unknown_parameter, unknown_value
from portal.languages import language_tag

OF_A_RECORD = ("language",)
OF_A_LIST = ("language", "limit", "cursor")


@dataclass(frozen=True)
class Asked:
    """What a list was asked for. `rows` are the records that its filters leave."""

    resource: Any
    rows: Any
    filters: dict[str, str]
    language: str | None
    limit: int
    cursor: str

    def page(self, loaded, form="") -> Page:
        """The page, with what `loaded` loads for its records, as the list of its form: `form` names another one."""
        list_id = [self.resource.name, form, sorted(map(list, self.filters.items()))]
        return page_of(loaded(self.rows), self.resource.order, list_id, self.cursor, self.limit)

    def url(self, cursor, form="") -> str | None:
        """The address of the page that begins at `cursor`; None where there is none."""
        return cursor and self.first_url(form, cursor=cursor)

    def first_url(self, form="", **more) -> str:
        given = {**self.filters, "language": self.language, "limit": self.limit, **more}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{'/'.join(filter(None, [self.resource.url, form]))}?{query}"


def asked_of_list(request, resource) -> Asked:
    """What `request` asks of the list of `resource`; a `Problem` where it asks what nobody can answer."""
    names = {each.name: each for each in resource.filters}
    given = parameters_of(request, [*names, *OF_A_LIST])
    filters = {name: value for name, value in given.items() if name in names}
    rows, understood = resource.narrowed(filters)
    for name in filters:
        if name not in understood:
            raise unknown_value(name, list(names[name].choices))
    return Asked(
        resource, rows, filters, language_in(given), limit_of(given.get("limit")), cursor_in(given.get("cursor"))
    )


def parameters_of(request, known) -> dict[str, str]:
    """The parameters of `request`, all of them `known` and given once."""
    for name, values in request.GET.lists():
        if name not in known:
            raise unknown_parameter(name, known)
        if len(values) > 1:
            raise Problem(400, _("This parameter is given more than once."), name)
    return request.GET.dict()


def language_in(given) -> str | None:
    """The tag of the language that is asked for; None for every language at once."""
    if "language" not in given:
        return None
    if (code := code_of(given["language"])) is None:
        raise unknown_value("language", TAGS)
    return language_tag(code)


def cursor_in(cursor) -> str:
    if cursor == "":
        raise Problem(400, _("This cursor was not given out here. Follow “next”."), "cursor")
    return cursor or ""
