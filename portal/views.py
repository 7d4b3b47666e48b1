"""The portal's own pages (sources, how the data is made, accessibility), and what it draws."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import icons, sitemaps
from portal.covers import cover
from portal.datasets import datasets
from portal.models import Source
from portal.paging import page_of
from portal.prepared import prepared
from portal.provenance import cited_fact, everything_cited_from
from portal.sharing import IMAGE, card_at, png_of
from portal.upload_access import ON_DISK, is_shown
from portal.uploads import open_upload

HOUR, WEEK = 3600, 7 * 24 * 3600
FACTS = 100  # on a page of what a source supports


@require_safe
def source_list(request):
    sources = page_of(request, Source.objects.published(), per_page=50)
    return render(request, "portal/source_list.html", {"sources": sources})


@require_safe
def source_detail(request, slug):
    found = prepared(lambda: Source.objects.published(), slug=slug)
    if not found:
        raise Http404("no source is known by this name")
    source = found[0]
    first = prepared(_first_facts_of, source)
    rows = first if len(first) <= FACTS else everything_cited_from(source)
    page = page_of(request, rows, per_page=FACTS)
    facts = [cited_fact(row) for row in page]
    return render(request, "portal/source_detail.html", {"source": source, "facts": facts, "page": page})


def _first_facts_of(source):
    """A page of them and one more; most sources have no second page."""
    return everything_cited_from(source)[: FACTS + 1]


@require_safe
def about_the_data(request):
    return render(request, "portal/about_the_data.html", {"datasets": datasets()})


@require_safe
@cache_control(public=True, no_cache=True)  # it says how soon enquiries are answered, and how many are overdue
def method(request):
    return render(request, "portal/method.html")


@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request):
    return render(request, "portal/privacy.html", {"months": settings.ENQUIRY_RETENTION_MONTHS})


@require_safe
@cache_control(public=True, max_age=WEEK)
def cover_image(request, slug, frame):
    """The drawn cover of the record with this slug; the same slug always gives the same picture. Any slug has one: it
    costs little, and nothing is kept."""
    return HttpResponse(cover(slug, frame), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sharing_image(request, page):
    """The sharing image of the page under whose address it stands."""
    card = card_at(request.path_info.removesuffix(IMAGE))
    return HttpResponse(png_of(card), content_type="image/png", headers={"ETag": f'"{card.digest}"'})


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap_index(request):
    return HttpResponse(sitemaps.index(), content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap(request, kind, number):
    return HttpResponse(sitemaps.file(kind, int(number)), content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request):
    return HttpResponse(sitemaps.robots(), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=WEEK)
def favicon(request):
    return HttpResponse(icons.favicon(), content_type="image/x-icon")


@require_safe
@cache_control(public=True, max_age=WEEK)
def apple_touch_icon(request):
    return HttpResponse(icons.apple_touch_icon(), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=WEEK)
def icon(request, name):
    if name not in icons.ICONS:
        raise Http404("no icon has this name")
    return HttpResponse(icons.icon(name), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=HOUR)
def manifest(request):
    return JsonResponse(
        icons.manifest(), content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, s_maxage=HOUR, immutable=True)
def upload(request, name):
    """An uploaded file. Pictures are shown; anything else is only ever downloaded. Browsers keep it, since its content
    never changes; caches on the way ask each hour whether it is still public."""
    if not is_shown(name):
        raise Http404("no such file for this visitor")
    try:
        stored = open_upload(name)
    except (OSError, ValueError):
        raise Http404("no such file") from None
    content_type = "image/webp" if stored.is_image else None  # not every system knows that type
    response = FileResponse(
        stored.file, as_attachment=not stored.is_image, filename=stored.file_name, content_type=content_type
    )
    if not stored.is_image:
        response["Content-Disposition"] = "attachment"  # the stored name is random: the link gives a better one
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if settings.UPLOADS_BY_NGINX:
        stored.file.close()
        return _sent_by_nginx(response, name)
    return response


def _sent_by_nginx(response, name):
    """The same answer without its content: nginx takes that from the disk (`X-Accel-Redirect`)."""
    headers = {key: response[key] for key in ("Content-Type", "Content-Disposition", "Content-Security-Policy")}
    return HttpResponse(headers={**headers, "X-Accel-Redirect": ON_DISK + name})
