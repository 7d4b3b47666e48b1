"""What every public page knows besides its own records. Works without a database, so that error pages can use it."""

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import palette, previews
from portal.addresses import path_of
from portal.canonical import canonical_of
from portal.freshness import data_as_of
from portal.languages import language_tag, versions_of
from portal.sharing import sharing_image_of

# The entry of the navigation under which a page stands, by the first part of its address; others name themselves.
SECTIONS = {"speakers": "conferences", "projects": "agreements", "promises": "agreements", "indicators": "district"}


def site(request):
    path = _path_of(request)
    canonical = canonical_of(request)
    versions = versions_of(path, request.META.get("QUERY_STRING", ""), canonical.at(canonical.number))
    active = next((version for version in versions if version.is_active), versions[0])
    first_part = path.strip("/").partition("/")[2].partition("/")[0]  # after the language; an icon has none
    return {
        "site_name": settings.SITE_NAMES[active.code],
        "site_url": settings.SITE_URL,
        "publisher": settings.PUBLISHERS[active.code],
        "contact_email": settings.CONTACT_EMAIL,
        "licence": {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL},
        "data_as_of": SimpleLazyObject(data_as_of),
        "language_tag": language_tag(get_language() or settings.LANGUAGE_CODE),
        "languages": versions,
        "section": SECTIONS.get(first_part, first_part),
        "canonical_url": active.url,
        "neighbours": _neighbours(active, canonical),
        "page_words": _("Page %(number)s") % {"number": canonical.number} if canonical.number > 1 else "",
        "robots": canonical.robots,
        "sharing_image": sharing_image_of(path, request.resolver_match and request.resolver_match.view_name),
        "theme_color": palette.LAKE_950,
        "preview": previews.current(),
    }


def _neighbours(version, canonical) -> dict[str, str]:
    """The addresses of the pages before and after this one of a long list, by what a link calls them."""
    queries = {"prev": canonical.previous, "next": canonical.next}
    return {rel: version.url_with(query) for rel, query in queries.items() if query is not None}


def _path_of(request):
    """The path of the page, or of the home page where the address leads nowhere."""
    if request.resolver_match is None:
        try:
            resolve(request.path_info)
        except Resolver404:
            return path_of("events:home")
    return request.path
