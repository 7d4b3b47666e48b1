"""Pages for the frames of other sites: the programme of a conference, and what a part of the register adds up to.

Nothing else of the portal can be framed. They set no cookies, run no script and open their links in a new tab.
"""

from functools import wraps

from csp.decorators import csp_replace
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.models import Appearance, Conference
from events.programme import programme_of
from events.register import Register
from portal.corrections import get_public_or_tombstone

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
    conference = get_public_or_tombstone(Conference.objects.published().with_public("venue"), slug=slug)
    people = Appearance.objects.published().for_conference(conference).with_stage()
    sessions = conference.sessions.published().in_programme_order()
    return render(
        request,
        "events/embed_programme.html",
        {"conference": conference, "programme": programme_of(sessions, people)},
    )


@framable
def totals(request):
    return render(request, "events/embed_totals.html", {"register": Register(request.GET)})
