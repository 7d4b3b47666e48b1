"""The languages of the site: how their tags are spelled, and where a page lives in each of them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, get_language_info

LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}


def language_tag(code) -> str:
    """The BCP 47 spelling of a Django language code: `zh-hans` is `zh-Hans`. One spelling everywhere."""
    language, *rest = code.split("-")
    return "-".join([language, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def language_name(tag) -> str:
    """The name of a language in the language of the page; its tag where Django does not know it."""
    try:
        return get_language_info(tag.lower())["name_translated"]
    except KeyError:
        return tag


@dataclass(frozen=True)
class Version:
    """A page in one language."""

    code: str
    tag: str
    name: str
    path: str
    is_active: bool
    query: str = ""  # what the reader asked of the page: a search, filters
    canonical_query: str = ""  # what of it makes this another page (`portal.canonical`)

    @property
    def locale(self) -> str:
        """The language with a territory, as the Open Graph protocol spells it."""
        return LOCALES.get(self.code, self.code)

    @property
    def link(self) -> str:
        """Where the language switch leads: the same page, asked the same."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """Absolute, from the configured site address: never from what a request claims to be its host."""
        return self.url_with(self.canonical_query)

    def url_with(self, query) -> str:
        """The same with another query."""
        return f"{settings.SITE_URL}{self.path}?{query}" if query else settings.SITE_URL + self.path


def versions_of(path, query="", canonical_query="") -> list[Version]:
    """The page at `path` in every language, in the order of `settings.LANGUAGES`."""
    active, neutral = get_language(), without_language(path)
    paths = {code: path if neutral == path else in_language(neutral, code) for code, _name in settings.LANGUAGES}
    return [
        Version(code, language_tag(code), name, paths[code], code == active, query, canonical_query)
        for code, name in settings.LANGUAGES
    ]


def without_language(path) -> str:
    """The part of the path of a page that is the same in every language: /en/news/ and /zh-hans/news/ are /news/."""
    language, slash, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if slash and language in dict(settings.LANGUAGES) else path


def in_language(path, code) -> str:
    """The path of the page at `path`, of which `without_language` is left, in the language `code`."""
    return f"/{code}{path}"
