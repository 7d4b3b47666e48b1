"""Pages for the frames of other sites: the programme of a conference, and what a part of the register adds up to.

Nothing else of the portal can be framed. They set no cookies, run no script and open their links in a new tab.
"""

from functools import wraps

from csp.decorators import csp_replace
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.lists import MOST_AT_ONCE, ON_A_PAGE
from events.programme import programme_of
from events.register import Register
from events.views.programme import conferences_to_show, people_at, people_in, programme_rows
from portal.corrections import get_public_or_tombstone
from portal.paging import beginning_of
from portal.prepared import prepared

THEMES = ("light", "dark")


def framable(view):
    """`view` for frames on any site; `?theme=` chooses the colours, else the reader's device does."""

    @wraps(view)
    def framed(request, *args, **kwargs):
        theme = request.GET.get("theme", "")
        request.theme = theme if theme in THEMES else "auto"
        return view(request, *args, **kwargs)

    return require_safe(xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(framed)))


@framable
def programme(request, slug):
    conference = get_public_or_tombstone(conferences_to_show, slug=slug)
    sessions = beginning_of(prepared(_sessions_of, conference), MOST_AT_ONCE)
    people = prepared(people_at, conference)
    if sessions.has_more:
        sessions = beginning_of(sessions.rows, ON_A_PAGE)
        people = prepared(people_in, sessions)
    return render(
        request,
        "events/embed_programme.html",
        {"conference": conference, "programme": programme_of(sessions, people), "has_more": sessions.has_more},
    )


def _sessions_of(conference):
    return programme_rows(conference)[: MOST_AT_ONCE + 1]


@framable
def totals(request):
    return render(request, "events/embed_totals.html", {"register": Register(request.GET)})
