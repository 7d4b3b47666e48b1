"""What every page or list is put together from: its head and foot, filters, pages, downloads, search, empty lists."""

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Organization
from events.api import AGREEMENTS, PROJECTS
from events.models import Conference, Speaker
from events.register import ProjectList, Register
from events.search import KINDS
from events.styleguide.exampleland import sample
from events.styleguide.specimens import OnThePage, component
from portal import clock
from portal.api.openapi import guide_to
from portal.datasets import Dataset
from portal.previews import Preview
from portal.search.results import Search
from portal.templatetags.portal import initials

# --- Around every page ------------------------------------------------------------------------------------------------


@component("edge")
def site_header():
    yield _("no section is open"), OnThePage(section="")
    yield _("a section is open"), OnThePage(section="news")


@component("edge")
def site_footer():
    licence = {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL}
    known = {"publisher": _("Exampleland Office (invented)"), "contact_email": "office@exampleland.example"}
    yield _("everything is known"), OnThePage(data_as_of=clock.today(), licence=licence, **known)
    yield _("a licence without an address"), OnThePage(data_as_of=clock.today(), licence={"name": "Example licence"})
    yield _("nothing is known"), OnThePage(data_as_of=None, licence={}, publisher="", contact_email="")


@component("edge")
def outage_note():
    yield _("while the database is lost"), {"made_at": clock.now()}


@component("edge")
def preview_ribbon():
    states = {
        _("a draft that staff opened"): Preview(drafts=True, is_of_a_page=True),
        _("a moment"): Preview(moment=clock.now()),
        _("a moment, with drafts"): Preview(moment=clock.now(), drafts=True),
        _("everything, drafts too"): Preview(drafts=True),
        _("shared with somebody"): Preview(until=clock.now()),
    }
    for state, preview in states.items():
        yield state, {"preview": preview, "csrf_token": "of-nobody"}


@component()
def feed_links():
    yield _("the news"), {"base": "/en/news/feed"}


@component()
def page_head():
    conference, long, word, in_chinese = (
        sample(Conference.objects, name) for name in ("on", "long", "word", "chinese-only")
    )
    company, investor = (sample(Organization.objects, name) for name in ("works", "wide-logo"))
    speaker = sample(Speaker.objects, "ada")
    section = {"section": _("Company directory"), "section_url": reverse("companies:companies")}
    yield _("a title"), {"title": _("Programme")}
    yield (
        _("with a kicker that leads on"),
        {
            "title": _("Programme"),
            "kicker": conference.title,
            "kicker_url": conference.get_absolute_url(),
        },
    )
    yield (
        _("with a section, a kicker, a lede and letters"),
        {
            **section,
            "title": company.name,
            "kicker": company.get_kind_display(),
            "lede": company.summary,
            "mark": initials(company.name),
        },
    )
    yield _("with a section"), {**section, "title": company.name}
    yield _("with a picture"), {"title": speaker.name, "picture": speaker.portrait}
    yield _("with a logo, shown whole"), {**section, "title": investor.name, "picture": investor.logo, "whole": True}
    yield _("with a kicker that leads nowhere"), {"title": _("This page does not exist"), "kicker": "404"}
    yield _("a long title"), {"title": long.title, "kicker": long.title, "lede": long.summary}
    yield _("one word that is longer than a line"), {"title": word.title, "kicker": word.title, "lede": word.title}
    yield _("Chinese only"), {"title": in_chinese.title, "kicker": in_chinese.title, "lede": in_chinese.summary}


# --- Lists ------------------------------------------------------------------------------------------------------------


@component("column")
def filters():
    named = {
        _("nothing chosen"): {},
        _("two filters in use"): {"kind": "investment", "disclosed": "yes"},
        _("in use without a match"): {"kind": "memorandum", "year": "2099"},
    }
    for state, chosen in named.items():
        register = Register({"place": "exampleland", **chosen})
        yield state, {"filters": [each for each in register.filters if each.label != _("Place")]}
    yield _("one filter"), {"filters": ProjectList({"stage": "lapsed"}).filters}
    yield _("in a row above a list"), {"filters": Register({"place": "exampleland"}).filters[:3], "in_a_row": True}


@component()
def chosen_filters():
    for state, chosen in {
        _("one filter in use"): {"kind": "framework"},
        _("several filters in use"): {"place": "exampleland", "year": "2099", "kind": "investment", "disclosed": "no"},
    }.items():
        register = Register(chosen)
        yield state, {"chosen": register.chosen, "everything": register.path_of_everything}


@component()
def pagination():
    rows = Paginator(range(300), 100)
    named = {_("the first page"): 1, _("a page between"): 2, _("the last page"): 3}
    for state, number in named.items():
        yield state, {"page": rows.page(number), "query": "place=exampleland"}
    yield _("one page: nothing"), {"page": Paginator(range(3), 100).page(1)}


@component()
def downloads():
    shown = {"base": reverse("events:agreements").rstrip("/"), "name": _("Agreements")}
    yield _("all rows"), shown
    yield _("the rows of a filter"), {**shown, "query": "place=exampleland"}


@component("cards")
def dataset_card():
    yield _("with its freshness"), {"dataset": Dataset(AGREEMENTS, 12_345, clock.today())}
    yield _("empty"), {"dataset": Dataset(PROJECTS, 0, None)}


@component()
def field_table():
    guide = guide_to(PROJECTS)
    yield _("fields"), {"lines": guide["lines"][:12], "label": _("Fields")}
    yield _("parameters"), {"parameters": guide["parameters"], "label": _("Parameters")}


@component()
def empty():
    yield _("a list that is always empty"), {"message": _("No programme was published.")}
    yield _("a list whose filters match nothing"), {"message": _("No agreement matches. Clear the filters to see all.")}


# --- Search -----------------------------------------------------------------------------------------------------------


@component()
def search_box():
    word = sample(Conference.objects, "word")
    yield _("in the head of every page"), OnThePage()
    yield _("on the search page"), {"is_main": True, "q": ""}
    yield _("with what was searched for"), {"is_main": True, "q": _("lens")}
    yield _("with a long search"), {"is_main": True, "q": word.title}


@component("column")
def search_kinds():
    found = Search("Exampleland")
    yield _("every kind"), {"groups": found.groups}
    yield _("one kind"), {"groups": found.groups[:1]}
    yield _("beside all results of one kind"), {"groups": found.found, "query": found.query, "open": "agreements"}


@component()
def search_results():
    searches = [Search("Exampleland"), Search("示例")]
    for number, kind in enumerate(KINDS):
        found = searches[number % 2]  # each kind once, because its name stands on the page
        group = next(each for each in found.groups if each.kind == kind)
        shown = {"group": group, "results": group.results, "words": found.words, "query": found.query}
        yield f"{kind.label}: {found.query}", shown
