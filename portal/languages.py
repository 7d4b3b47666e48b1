"""The languages of the site: how their tags are spelled, and where a page lives in each of them."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language


def language_tag(code) -> str:
    """The BCP 47 spelling of a Django language code: `zh-hans` is `zh-Hans`. One spelling everywhere."""
    language, *rest = code.split("-")
    return "-".join([language, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


@dataclass(frozen=True)
class Version:
    """A page in one language."""

    code: str
    tag: str
    name: str
    path: str
    is_active: bool

    @property
    def url(self) -> str:
        """Absolute, from the configured site address: never from what a request claims to be its host."""
        return settings.SITE_URL + self.path


def versions_of(path) -> list[Version]:
    """The page at `path` in every language, in the order of `settings.LANGUAGES`."""
    active = get_language()
    return [
        Version(code, language_tag(code), name, translate_url(path, code), code == active)
        for code, name in settings.LANGUAGES
    ]
