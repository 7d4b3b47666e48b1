"""Every address of the portal, read off the URL conf, so that a new one joins every test over all of them by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

STAFF_PAGES = {"events:styleguide"}  # beneath a language, and yet for staff alone
STAFF_PATHS = (settings.ADMIN_PATH, "preview/")

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One pattern of the URL conf: its name with its namespace, its path with `<converter:name>` in it."""

    name: str
    path: str
    is_regex: bool

    @property
    def is_for_staff(self) -> bool:
        return self.path.startswith(STAFF_PATHS) or self.name in STAFF_PAGES

    @property
    def parameters(self) -> list[str]:
        """The names of what is filled in, in their order."""
        return list(self.converters)

    @property
    def converters(self) -> dict[str, str]:
        """What each of them is converted by."""
        return {match["name"]: match["converter"] for match in _PARAMETER.finditer(self.path)}

    def at(self, **values) -> str:
        """The address with `values` filled in; KeyError where one is missing."""
        return "/" + _PARAMETER.sub(lambda match: str(values[match["name"]]), self.path)


def routes() -> list[Route]:
    """All of them, each path once: what stands second under the same path is never reached."""
    found = {}
    for route in _walk(get_resolver()):
        found.setdefault(route.path, route)
    return list(found.values())


def _walk(resolver, before="", namespace="") -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = f"{namespace}:{pattern.name or ''}" if namespace else pattern.name or ""
            yield Route(name, path, isinstance(pattern.pattern, RegexPattern))
        else:
            yield from _walk(pattern, path, pattern.namespace or namespace)
