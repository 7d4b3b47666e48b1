"""Redirects: written when a published record changes its address, followed where no page is found.

The signals are the one seam through which every save of every kind of record passes, the desk's and a shell's.
"""

from django.db import DatabaseError
from django.db.models.signals import post_save, pre_save
from django.http import HttpResponsePermanentRedirect
from django.utils.cache import patch_cache_control

from portal.api.headers import open_to_all
from portal.fields import LANGUAGE_NAMES
from portal.models import Redirect, Source
from portal.models.redirects import path_without_language
from portal.publishing import Publishable

HOUR = 3600  # for as long a browser remembers: a slug that changes back must work again
API = "api/v1"


class Redirects:
    """Middleware that leads from an address without a page to where that page has moved."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and request.method in ("GET", "HEAD"):
            return _redirect(request) or response
        return response


def _redirect(request):
    root, path = _split(request.path_info)
    try:
        destination = Redirect.objects.destination_of(path) if root else None
    except DatabaseError:  # the page that says "not found" needs no database
        return None
    if destination is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    end = "/" if request.path_info.endswith("/") and destination else ""
    response = HttpResponsePermanentRedirect(f"/{root}/{destination}{end}" + (f"?{query}" if query else ""))
    patch_cache_control(response, public=True, max_age=HOUR)
    return open_to_all(response) if root == API else response


def _split(path) -> tuple[str, str]:
    """An address as its root (a language, or the data interface) and what follows; an empty root where it has none, or
    a NUL byte, which PostgreSQL refuses to look for."""
    if "\x00" in path:
        return "", ""
    for root in (*LANGUAGE_NAMES, API):
        if path.startswith(f"/{root}/"):
            return root, path.removeprefix(f"/{root}/").strip("/")
    return "", ""


# --- Leaving a redirect -----------------------------------------------------------------------------------------------


def remember_address(sender, instance, raw, update_fields, **_kwargs):
    """Before a save: the address under which visitors know the record, if that is about to change."""
    if raw or instance.pk is None or not _has_address(sender):
        return
    parts = _parts_of_address(sender)
    if update_fields is not None and not parts & set(update_fields):
        return
    stored = sender._base_manager.filter(pk=instance.pk).values(*parts).first()
    if stored and any(stored[name] != getattr(instance, name) for name in parts):
        known = _released(sender).filter(pk=instance.pk).first()
        address = known.get_absolute_url() if known else "#"
        instance._address_before = None if "#" in address else address  # a part of a page has no address to leave


def leave_redirect(sender, instance, **_kwargs):
    before = instance.__dict__.pop("_address_before", None)
    if before is None:
        return
    old, new = path_without_language(before), path_without_language(instance.get_absolute_url())
    if old != new:
        Redirect.objects.note_move(old, new)


def _has_address(model) -> bool:
    return issubclass(model, (Publishable, Source)) and any(each.name == "slug" for each in model._meta.concrete_fields)


def _parts_of_address(model) -> set[str]:
    """The columns that its address is made of: its slug, and what it hangs on."""
    return {"slug", *(model._meta.get_field(name).attname for name in getattr(model, "published_with", ()))}


def _released(model):
    """The records that have, or had before they were withdrawn, a public page."""
    return model.objects.released() if issubclass(model, Publishable) else model.objects.published()


def connect():
    pre_save.connect(remember_address, dispatch_uid="portal.redirects.remember_address")
    post_save.connect(leave_redirect, dispatch_uid="portal.redirects.leave_redirect")
