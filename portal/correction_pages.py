"""The page and the feed of all corrections."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.correction_list import all_corrections, feed_of_corrections, line_of
from portal.corrections import correction_models
from portal.feeds import respond
from portal.history.changed import newest_change
from portal.paging import page_of


@require_safe
def correction_list(request):
    page = page_of(request, all_corrections(), per_page=50)
    return render(request, "portal/correction_list.html", {"page": page, "lines": [line_of(row) for row in page]})


@require_safe
def correction_feed(request, file_format):
    records = [model.record_model() for model in correction_models()]
    return respond(request, feed_of_corrections(), file_format, newest_change(*records))
