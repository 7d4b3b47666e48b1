"""What every public page knows besides its own records. Works without a database, so that error pages can use it."""

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language

from portal.languages import language_tag, versions_of


def site(request):
    versions = versions_of(_path_of(request))
    active = next((version for version in versions if version.is_active), versions[0])
    return {
        "site_name": settings.SITE_NAMES[active.code],
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "language_tag": language_tag(get_language() or settings.LANGUAGE_CODE),
        "languages": versions,
        "canonical_url": active.url,
    }


def _path_of(request):
    """The path of the page, or of the home page where the address leads nowhere."""
    try:
        resolve(request.path_info)
    except Resolver404:
        return reverse("events:home")
    return request.path
