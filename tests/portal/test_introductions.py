"""How records introduce themselves in search results and shared links."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from events.models import Conference, Speaker
from portal.introductions import LONGEST_GIST, joined, shortened
from portal.quantities import Quantity
from portal.sharing import pages_of_records
from tests import factories

pytestmark = pytest.mark.django_db


def introduced(record):
    return type(record).objects.introduced().get(pk=record.pk)


def in_both_languages(record, fact):
    said = []
    for code in ("en", "zh-hans"):
        with translation.override(code):
            said.append(str(getattr(introduced(record), fact)))
    return said


# --- What each kind of record says ------------------------------------------------------------------------------------


def test_a_conference_says_when_and_where():
    park = factories.place(name_en="Example Park", name_zh_hans="示例园区")

    conference = factories.conference(starts_on="2024-11-15", ends_on="2024-11-16", venue=park)

    assert in_both_languages(conference, "key_line") == [
        "15 November 2024 – 16 November 2024 · Example Park",
        "2024年11月15日 – 2024年11月16日 · 示例园区",
    ]


def test_a_conference_at_a_hidden_place_says_its_note_and_one_that_was_called_off_says_so_first():
    hidden = factories.place(published_at=None, name_en="Secret Park")
    conference = factories.conference(venue=hidden, place_note_en="Exampleland", status=Conference.Status.CANCELLED)

    assert introduced(conference).key_line == "Cancelled · 15 November 2024 · Exampleland"


def test_an_agreement_says_how_much_and_when_it_was_signed():
    agreement = factories.agreement()
    factories.amount(agreement=agreement, kind="capital_injection", quantity=Quantity(Decimal(10**9)))
    factories.amount(agreement=agreement, quantity=Quantity(Decimal(10**10), ">"))
    factories.signing(agreement=agreement, signed_on="2024-11")

    assert introduced(agreement).kicker == "Investment agreement"
    assert introduced(agreement).key_line == "More than CNY 10 billion · signed November 2024"


def test_an_agreement_of_which_little_is_known_says_no_more():
    agreement = factories.agreement(kind="not_stated")

    assert (introduced(agreement).kicker, introduced(agreement).key_line) == ("Agreement", "Amount not disclosed")


def test_a_project_says_how_far_it_has_come(now):
    project = factories.project()
    factories.cite(
        factories.milestone(project=project, met_on="2024-05"),
        source=factories.source(source_type="official_notice", published_on="2024-06"),
    )

    assert introduced(project).key_line == "Under construction"


def test_an_indicator_says_its_latest_figure_and_the_time_it_is_for():
    companies, target = (factories.indicator(coverage_en="All of Exampleland") for _ in range(2))
    factories.observation(indicator=companies, period="2020", quantity=Quantity(Decimal(100), "<"))
    factories.observation(indicator=companies, period="2024", quantity=Quantity(Decimal(428)))
    factories.observation(indicator=companies, period="2025", published_at=None)
    factories.observation(indicator=target, period="2030", quantity=Quantity(Decimal(70), ">"), is_target=True)

    told = [(each.kicker, each.key_figure, each.key_line) for each in map(introduced, (companies, target))]

    assert in_both_languages(companies, "key_figure") == ["428", "428家"]
    assert told == [
        ("All of Exampleland", "428", "2024"),
        ("All of Exampleland", "More than 70", "Target for 2030"),
    ]


def test_an_indicator_without_a_value_claims_none():
    indicator = introduced(factories.indicator())

    assert (indicator.key_figure, indicator.key_line) == ("", "")


def test_a_speaker_says_the_latest_post_and_when_it_was_held():
    speaker = factories.speaker()
    for year, post in (("2024", "Director"), ("2020", "Engineer")):
        session = factories.session(conference=factories.conference(starts_on=year))
        factories.appearance(speaker=speaker, session=session, post_en=post, organization_name_en="Example Institute")

    assert introduced(speaker).key_line == "Director · Example Institute · 2024"


def test_a_speaker_who_is_on_no_public_stage_introduces_nobody():
    speaker = factories.speaker()
    factories.appearance(speaker=speaker, session=factories.session(published_at=None))

    assert list(Speaker.objects.introduced()) == []


def test_a_session_says_its_day_or_else_that_of_its_conference():
    conference = factories.conference(title_en="Example Week", starts_on="2024-11")
    with_day = factories.session(conference=conference, day=date(2024, 11, 15), kind="keynote")
    without = factories.session(conference=conference, status="cancelled")

    assert [introduced(each).key_line for each in (with_day, without)] == [
        "15 November 2024 · Example Week",
        "Cancelled · November 2024 · Example Week",
    ]


def test_news_company_and_place_say_what_they_are():
    news = factories.announcement(kind="award", announced_on="2024-11-15")
    company = factories.organization()
    company.sectors.add(factories.sector(name_en="Vaccines", slug="a"), factories.sector(name_en="Biologics", slug="b"))
    district = factories.place(kind="district", name_en="Exampleland")
    place = factories.place(part_of=district, area=Quantity(Decimal("2.5")))

    told = [(each.kicker, each.key_line) for each in map(introduced, (news, company, place))]

    assert told == [
        ("Award", "15 November 2024"),
        ("Company", "Vaccines · Biologics"),
        ("Industrial park", "Exampleland · 2.5 km²"),
    ]


@pytest.mark.parametrize("model", pages_of_records().values(), ids=lambda model: model.__name__)
def test_every_record_with_a_page_introduces_itself_in_both_languages(model):
    record = factories.make(model)
    if model is Speaker:
        factories.appearance(speaker=record)

    told = [in_both_languages(record, fact) for fact in ("kicker", "key_line", "gist")]

    kicker, _key_line, gist = told
    assert all(kicker)
    assert len(set(gist)) == 2


# --- The gist ---------------------------------------------------------------------------------------------------------


def test_the_gist_is_the_text_of_the_record_with_its_name():
    company = factories.organization(name_en="Example Bio", summary_en="Makes\nvaccines.")

    assert introduced(company).gist == "Example Bio: Makes vaccines."


def test_a_text_that_names_the_record_or_leaves_no_room_stands_alone():
    named = factories.organization(name_en="Example Bio", summary_en="Example Bio makes vaccines.")
    long = factories.organization(summary_en="It makes vaccines for many people. " * 5)

    assert introduced(named).gist == "Example Bio makes vaccines."
    assert introduced(long).gist == "It makes vaccines for many people. " * 3 + "It makes vaccines for many people."


def test_records_that_share_a_short_text_do_not_share_their_gist():
    units = [factories.organization(summary_en="One of ten units.") for _ in range(2)]

    assert len({introduced(unit).gist for unit in units}) == 2


def test_without_a_text_in_the_language_of_the_page_the_facts_speak():
    company = factories.organization(name_en="Example Bio", summary_zh_hans="生产疫苗。", kind="hospital")
    company.sectors.add(factories.sector(name_en="Vaccines"))

    assert introduced(company).gist == "Example Bio · Hospital · Vaccines"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("All of it.", "All of it."),
        ("A first sentence here. A second one that is too long.", "A first sentence here."),
        ("Short. Then a sentence that goes on and on and on", "Short. Then a sentence that goes on and…"),
        ("CNY 1.105 billion, which is no end of a sentence", "CNY 1.105 billion, which is no end of a…"),
        (
            "第一句话说明了这家企业在本区的生产基地。第二句话还要说很多很多别的事情，而且没有说完",
            "第一句话说明了这家企业在本区的生产基地。",
        ),
        (
            "很长很长的一句话，一直说到没有地方可以再说下去为止，DiaSorinBiopharmaceuticals公司",
            "很长很长的一句话，一直说到没有地方可以再说下去为止…",
        ),
        ("x" * 60, "x" * 39 + "…"),
    ],
)
def test_a_long_text_ends_with_a_sentence_or_a_whole_word(text, short):
    assert shortened(text, 40) == short


@pytest.mark.parametrize("text", ["word " * 100, "字" * 400, "A sentence. " * 30, "x" * 400])
def test_a_gist_is_never_longer_than_search_engines_show(text):
    assert 40 < len(shortened(text)) <= LONGEST_GIST


def test_unknown_facts_leave_no_gap():
    assert joined("", "2024", None, "Exampleland") == "2024 · Exampleland"
