"""The portal's own pages: sources, how the data is made, accessibility."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.covers import cover
from portal.models import Source
from portal.paging import page_of
from portal.provenance import cited_fact, everything_cited_from
from portal.uploads import open_upload


@require_safe
def source_list(request):
    sources = page_of(request, Source.objects.published(), per_page=50)
    return render(request, "portal/source_list.html", {"sources": sources})


@require_safe
def source_detail(request, slug):
    source = get_object_or_404(Source.objects.published(), slug=slug)
    page = page_of(request, everything_cited_from(source), per_page=100)
    facts = [cited_fact(row) for row in page]
    return render(request, "portal/source_detail.html", {"source": source, "facts": facts, "page": page})


@require_safe
def about_the_data(request):
    return render(request, "portal/about_the_data.html")


@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html")


@require_safe
@cache_control(public=True, max_age=7 * 24 * 3600)
def cover_image(request, slug):
    """The drawn cover of the record with this slug; the same slug always gives the same picture."""
    return HttpResponse(cover(slug), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def upload(request, name):
    """An uploaded file. Pictures are shown; anything else is only ever downloaded."""
    try:
        stored = open_upload(name)
    except (OSError, ValueError):
        raise Http404("no such file") from None
    response = FileResponse(stored.file, as_attachment=not stored.is_image, filename=stored.file_name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
