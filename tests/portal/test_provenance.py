import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.models import Organization, Place
from events.models import Agreement, AgreementCitation, Appearance, Conference, Milestone, SeriesCitation
from portal.fields import TextIn
from portal.models import Source
from portal.provenance import (
    Bibliography,
    Citation,
    CitedFact,
    citable_facts,
    citation_models,
    cited_fact,
    everything_cited_from,
)
from tests import factories
from tests.factories import cite, make

pytestmark = pytest.mark.django_db


def loaded(record):
    """The record with its citations, as a page loads it."""
    return type(record).objects.with_citations().get(pk=record.pk)


# --- citations --------------------------------------------------------------------------------------------------------


def test_every_model_with_a_name_for_the_page_of_sources_has_its_citations_and_the_other_way_round():
    cited = {model for model in apps.get_models() if hasattr(model, "cited_as")}

    assert {model.record_model() for model in citation_models()} == cited
    assert len(citation_models()) == 14


@pytest.mark.parametrize("model", citation_models(), ids=lambda model: model._meta.label)
def test_a_citation_belongs_to_its_record_and_its_source(model):
    citation = make(model)

    assert list(citation.record.citations.all()) == [citation]
    assert list(getattr(citation.source, f"{model._meta.model_name}s").all()) == [citation]


def test_a_rejected_source_cannot_be_cited():
    source = factories.source(rejected_reason="machine-made copy of a newspaper")
    citation = AgreementCitation(record=factories.agreement(), source=source)

    with pytest.raises(ValidationError) as refusal:
        citation.full_clean()

    assert refusal.value.message_dict == {"source": ["This source was rejected: machine-made copy of a newspaper"]}


def test_a_citation_supports_only_facts_that_its_record_has():
    citation = AgreementCitation(record=factories.agreement(), source=factories.source(), fact="weather")

    with pytest.raises(ValidationError) as refusal:
        citation.full_clean()

    assert list(refusal.value.message_dict) == ["fact"]
    assert refusal.value.messages[0].startswith("Choose one of the facts of this record: amounts, batch_size, ")


@pytest.mark.parametrize("fact", ["", "title", "batch_size", "amounts", "parties", "place"])
def test_a_citation_supports_the_record_or_one_of_its_facts(fact):
    citation = AgreementCitation(record=factories.agreement(), source=factories.source(), fact=fact)

    citation.full_clean()

    assert citation.fact == fact


def test_the_facts_of_a_record_are_named_as_editors_know_them():
    facts = {name: str(label) for name, label in citable_facts(Place).items()}

    shown = {name: facts[name] for name in ("name", "area", "address", "part_of", "presences")}
    assert shown == {
        "name": "name",
        "area": "area in km²",
        "address": "postal address",
        "part_of": "part of",
        "presences": "presences",
    }


@pytest.mark.parametrize(
    "model", [model.record_model() for model in citation_models()], ids=lambda model: model.__name__
)
def test_the_columns_of_translated_text_of_a_quantity_and_of_a_picture_are_one_fact(model):
    endings = ("_en", "_zh_hans", "_comparator", "_value", "_value_to", "_approximate", "_words")
    endings += ("_width", "_height", "_focus_x", "_focus_y")

    assert [fact for fact in citable_facts(model) if fact.endswith(endings)] == []


@pytest.mark.parametrize(
    "model", [model.record_model() for model in citation_models()], ids=lambda model: model.__name__
)
def test_what_only_the_portal_knows_is_not_a_fact(model):
    assert {"id", "slug", "published_at", "citations"} & set(citable_facts(model)) == set()


# --- the sources of one page ------------------------------------------------------------------------------------------


def test_sources_are_numbered_in_the_order_in_which_they_first_support_something():
    first, second, third = factories.source(), factories.source(), factories.source()
    conference, agreement = factories.conference(), factories.agreement()
    cite(conference, second)
    cite(conference, first, fact="title")
    cite(agreement, first)
    cite(agreement, third)

    bibliography = Bibliography(loaded(conference), loaded(agreement))

    assert [(entry.number, entry.source) for entry in bibliography] == [(1, second), (2, first), (3, third)]
    assert len(bibliography) == 3


def test_a_page_without_citations_has_no_sources():
    bibliography = Bibliography(loaded(factories.conference()))

    assert (list(bibliography), len(bibliography)) == ([], 0)


def test_a_source_shows_each_of_its_quotes_once():
    source = factories.source()
    conference, agreement = factories.conference(), factories.agreement()
    first = cite(conference, source, quote="共签约26个项目")
    cite(agreement, source, quote="共签约26个项目")
    second = cite(agreement, source, fact="batch_size", quote="总投资超60亿元")
    cite(agreement, source, fact="place")

    bibliography = Bibliography(loaded(conference), loaded(agreement))

    assert [entry.quotes for entry in bibliography] == [[first, second]]


def test_a_marker_leads_to_the_sources_of_its_fact():
    agreement = factories.agreement()
    of_record, of_place, of_title = (cite(agreement, fact=fact) for fact in ("", "place", "title"))
    also_of_place = cite(agreement, fact="place")
    agreement = loaded(agreement)
    bibliography = Bibliography(agreement)

    sources = {
        fact: [entry.source for entry in bibliography.markers(agreement, fact)] for fact in ("", "place", "title")
    }

    assert sources == {
        "": [of_record.source],
        "place": [of_place.source, also_of_place.source],
        "title": [of_title.source],
    }


def test_a_fact_without_a_source_of_its_own_is_marked_with_those_of_the_record():
    agreement = factories.agreement()
    of_record = cite(agreement)
    cite(agreement, fact="place")
    agreement = loaded(agreement)

    markers = Bibliography(agreement).markers(agreement, "summary")

    assert [(entry.number, entry.source) for entry in markers] == [(1, of_record.source)]


def test_a_fact_without_any_source_has_no_marker():
    agreement = factories.agreement()
    cite(agreement, fact="place")
    agreement = loaded(agreement)

    assert Bibliography(agreement).markers(agreement, "summary") == []


def test_a_source_that_supports_a_fact_twice_is_marked_once():
    agreement, source = factories.agreement(), factories.source()
    cite(agreement, source, fact="place", quote="one")
    cite(agreement, source, fact="place", quote="two", position=2)
    agreement = loaded(agreement)

    assert [entry.number for entry in Bibliography(agreement).markers(agreement, "place")] == [1]


def test_a_record_that_is_not_in_the_bibliography_has_no_markers():
    agreement = factories.agreement()
    cite(agreement)

    assert Bibliography().markers(loaded(agreement)) == []


def test_a_source_that_was_rejected_after_it_was_cited_is_not_shown():
    conference = factories.conference()
    usable, rejected = factories.source(), factories.source()
    cite(conference, rejected)
    cite(conference, usable)
    before = [entry.source for entry in Bibliography(loaded(conference))]

    Source.objects.filter(pk=rejected.pk).update(rejected_reason="machine-made copy")

    assert before == [rejected, usable]
    assert [(entry.number, entry.source) for entry in Bibliography(loaded(conference))] == [(1, usable)]


def test_the_citations_of_a_page_are_loaded_in_one_query_with_their_sources(django_assert_num_queries):
    for _ in range(3):
        agreement = factories.agreement()
        cite(agreement)
        cite(agreement)

    with django_assert_num_queries(2):
        bibliography = Bibliography(*Agreement.objects.with_citations())
        titles = [entry.source.title for entry in bibliography]

    assert len(titles) == 6


# --- what one source supports -----------------------------------------------------------------------------------------


def facts_from(source):
    return [cited_fact(row) for row in everything_cited_from(source)]


def cite_everything(source):
    """One public citation of `source` for a record of each kind, with addresses that are easy to read."""
    place = factories.place(slug="park", name_en="Biopharma Park", name_zh_hans="生物医药产业园")
    company = factories.organization(slug="diasorin", name_en="DiaSorin", name_zh_hans="索灵")
    indicator = factories.indicator(slug="companies", name_en="Biopharma companies", name_zh_hans="生物医药企业数")
    conference = factories.conference(slug="lake-2024", title_en="Meilan Lake 2024", title_zh_hans="美兰湖大会")
    session = factories.session(conference=conference, slug="opening", title_en="Opening", title_zh_hans="开幕式")
    speaker = factories.speaker(slug="zhai", name_en="Zhai Jinguo", name_zh_hans="翟金国")
    project = factories.project(slug="plant", title_en="Vaccine plant", title_zh_hans="疫苗工厂")
    for record in [
        place,
        company,
        factories.presence(organization=company, place=place),
        indicator,
        factories.observation(indicator=indicator),
        factories.series(slug="meilan-lake", name_en="Meilan Lake", name_zh_hans="美兰湖"),
        conference,
        session,
        speaker,
        factories.appearance(speaker=speaker, session=session),
        factories.agreement(slug="batch", title_en="26 projects", title_zh_hans="26个项目"),
        project,
        factories.milestone(project=project),
        factories.announcement(slug="opened", title_en="Centre opened", title_zh_hans="中心启用"),
    ]:
        cite(record, source)


PAGES = {
    "en": [
        ("place", "Biopharma Park", "/en/district/park/"),
        ("organization", "DiaSorin", "/en/companies/diasorin/"),
        ("presence", "DiaSorin", "/en/companies/diasorin/"),
        ("indicator", "Biopharma companies", "/en/indicators/companies/"),
        ("observation", "Biopharma companies", "/en/indicators/companies/"),
        ("series", "Meilan Lake", "/en/conferences/"),
        ("conference", "Meilan Lake 2024", "/en/conferences/lake-2024/"),
        ("session", "Opening", "/en/conferences/lake-2024/sessions/opening/"),
        ("speaker", "Zhai Jinguo", "/en/speakers/zhai/"),
        ("appearance", "Zhai Jinguo", "/en/speakers/zhai/"),
        ("agreement", "26 projects", "/en/agreements/batch/"),
        ("investment project", "Vaccine plant", "/en/projects/plant/"),
        ("milestone", "Vaccine plant", "/en/projects/plant/"),
        ("announcement", "Centre opened", "/en/news/opened/"),
    ],
    "zh-hans": [
        ("生物医药产业园", "/zh-hans/district/park/"),
        ("索灵", "/zh-hans/companies/diasorin/"),
        ("索灵", "/zh-hans/companies/diasorin/"),
        ("生物医药企业数", "/zh-hans/indicators/companies/"),
        ("生物医药企业数", "/zh-hans/indicators/companies/"),
        ("美兰湖", "/zh-hans/conferences/"),
        ("美兰湖大会", "/zh-hans/conferences/lake-2024/"),
        ("开幕式", "/zh-hans/conferences/lake-2024/sessions/opening/"),
        ("翟金国", "/zh-hans/speakers/zhai/"),
        ("翟金国", "/zh-hans/speakers/zhai/"),
        ("26个项目", "/zh-hans/agreements/batch/"),
        ("疫苗工厂", "/zh-hans/projects/plant/"),
        ("疫苗工厂", "/zh-hans/projects/plant/"),
        ("中心启用", "/zh-hans/news/opened/"),
    ],
}


def test_a_source_names_every_kind_of_record_it_supports_and_its_page():
    source = factories.source()
    cite_everything(source)

    pages = [(str(fact.kind), str(fact.title), fact.url) for fact in facts_from(source)]

    assert sorted(pages) == sorted(PAGES["en"])


def test_a_source_names_what_it_supports_in_the_language_of_the_page():
    source = factories.source()
    cite_everything(source)

    with translation.override("zh-hans"):
        pages = [(fact.title, fact.url) for fact in facts_from(source)]

    assert sorted(pages) == sorted(PAGES["zh-hans"])


def test_all_that_a_source_supports_is_found_with_one_query(django_assert_num_queries):
    source = factories.source()
    cite_everything(source)
    cite_everything_again = [factories.agreement() for _ in range(5)]
    for agreement in cite_everything_again:
        cite(agreement, source)

    with django_assert_num_queries(1):
        facts = facts_from(source)

    assert len(facts) == 19


def test_a_line_says_which_fact_is_supported_how_and_in_which_words():
    agreement = factories.agreement(slug="batch", title_en="26 projects")
    source = factories.source()
    cite(agreement, source, fact="batch_size", quote="26个项目", locator="page 12", stance="contradicts")

    facts = facts_from(source)

    assert facts == [
        CitedFact(
            kind="agreement",
            title="26 projects",
            url="/en/agreements/batch/",
            fact="projects in the batch",
            stance="contradicts it",
            quote="26个项目",
            locator="page 12",
        )
    ]


def test_a_line_for_the_record_as_a_whole_that_is_plainly_stated_says_nothing_more():
    source = factories.source()
    cite(factories.agreement(), source)

    assert [(fact.fact, fact.stance, fact.quote) for fact in facts_from(source)] == [("", "", "")]


def test_a_title_in_another_language_says_which_one():
    source = factories.source()
    cite(factories.agreement(title_en="", title_zh_hans="26个项目"), source)

    [fact] = facts_from(source)

    assert (fact.title, type(fact.title), fact.title.language) == ("26个项目", TextIn, "zh-hans")


def test_lines_are_sorted_by_kind_page_and_fact():
    source = factories.source()
    for slug in ("b", "a"):
        agreement = factories.agreement(slug=slug)
        for fact in ("title", "place", ""):
            cite(agreement, source, fact=fact)

    lines = [(fact.url, str(fact.fact)) for fact in facts_from(source)]

    assert lines == [
        ("/en/agreements/a/", ""),
        ("/en/agreements/a/", "place"),
        ("/en/agreements/a/", "title"),
        ("/en/agreements/b/", ""),
        ("/en/agreements/b/", "place"),
        ("/en/agreements/b/", "title"),
    ]


def test_another_source_supports_none_of_it():
    cite_everything(factories.source())

    assert facts_from(factories.source()) == []


@pytest.mark.parametrize(
    ("model", "hide"),
    [
        (Organization, lambda record: record),
        (Conference, lambda record: record),
        (Agreement, lambda record: record),
        (Appearance, lambda record: record.session.conference),
        (Milestone, lambda record: record.project),
    ],
)
def test_a_draft_is_not_named_on_the_page_of_a_source(model, hide):
    record, source = make(model), factories.source()
    cite(record, source)
    before = len(facts_from(source))

    draft = hide(record)
    draft.published_at = None
    draft.save()

    assert (before, facts_from(source)) == (1, [])


def test_an_agreement_of_a_draft_conference_is_not_named_on_the_page_of_a_source():
    signing, source = factories.signing(), factories.source()
    cite(signing.agreement, source)
    before = len(facts_from(source))

    signing.conference.published_at = None
    signing.conference.save()

    assert (before, facts_from(source)) == (1, [])


def test_the_stances_of_a_citation_are_told_apart_in_words():
    assert [str(label) for label in Citation.Stance.labels] == ["states it", "implies it", "contradicts it"]


def test_series_are_cited_on_the_list_of_conferences():
    assert SeriesCitation.record_model().cited_as.slugs == ()
