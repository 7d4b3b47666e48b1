"""Addresses of the portal as other sites and programs use them."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language


def absolute(path):
    """The address of a path of this site, from the configured address of the site and never from a request. An address
    with a host, and no path at all, stay as they are."""
    return settings.SITE_URL + path if path and path.startswith("/") else path


def path_of(view, *arguments) -> str:
    """What `reverse(view, args=arguments)` finds, looked up once: a page leads to a hundred others, many of them those
    of the page before."""
    return _path_of(view, arguments, get_language(), get_script_prefix())


@lru_cache(maxsize=10_000)
def _path_of(view, arguments, _language, _prefix):
    return reverse(view, args=arguments)
