"""Addresses of the portal as other sites and programs use them."""

from django.conf import settings


def absolute(path):
    """The address of a path of this site, from the configured address of the site and never from a request. An address
    with a host, and no path at all, stay as they are."""
    return settings.SITE_URL + path if path and path.startswith("/") else path
