import pytest
from django.db.models import ProtectedError
from django.utils import translation

from portal import clock
from portal.fields import TextIn
from portal.models import Source
from tests import factories
from tests.factories import cite

pytestmark = pytest.mark.django_db


def test_a_source_is_public_once_a_public_record_cites_it():
    source = factories.source()
    before = list(Source.objects.published())

    cite(factories.conference(), source)

    assert (before, list(Source.objects.published())) == ([], [source])


def test_a_source_is_listed_once_however_much_cites_it():
    source = factories.source()
    for record in (factories.conference(), factories.conference(), factories.place(), factories.milestone()):
        cite(record, source)

    assert list(Source.objects.published()) == [source]


def test_the_citation_of_a_draft_does_not_make_a_source_public():
    source = factories.source()
    conference = factories.conference()
    cite(conference, source)
    before = list(Source.objects.published())

    conference.published_at = None
    conference.save()

    assert (before, list(Source.objects.published())) == ([source], [])


def test_the_citation_of_an_agreement_of_a_draft_conference_does_not_make_a_source_public():
    source = factories.source()
    signing = factories.signing()
    cite(signing.agreement, source)
    before = list(Source.objects.published())

    signing.conference.published_at = None
    signing.conference.save()

    assert (before, list(Source.objects.published())) == ([source], [])


def test_the_citation_of_a_record_inside_a_draft_does_not_make_a_source_public():
    source = factories.source()
    session = factories.session()
    cite(factories.appearance(session=session), source)
    before = list(Source.objects.published())

    session.conference.published_at = None
    session.conference.save()

    assert (before, list(Source.objects.published())) == ([source], [])


def test_a_draft_beside_a_public_record_hides_no_source():
    source = factories.source()
    cite(factories.conference(published_at=None), source)
    cite(factories.conference(), source)

    assert list(Source.objects.published()) == [source]


def test_a_source_comes_into_view_with_the_scheduled_record_that_cites_it(now):
    source = factories.source()
    cite(factories.conference(published_at=now.replace(hour=18)), source)

    before = list(Source.objects.published())
    at_that_moment = list(Source.objects.published(at=now.replace(hour=18)))
    with clock.set_to(now.replace(hour=18)):
        then = list(Source.objects.published())

    assert (before, at_that_moment, then) == ([], [source], [source])


def test_a_rejected_source_is_never_public():
    source = factories.source()
    cite(factories.conference(), source)
    before = list(Source.objects.published())

    source.rejected_reason = "machine-made copy"
    source.save()

    assert (before, list(Source.objects.published())) == ([source], [])


def test_public_sources_are_found_with_one_query(django_assert_num_queries):
    cite(factories.conference())

    with django_assert_num_queries(1):
        sources = list(Source.objects.published())

    assert len(sources) == 1


def test_a_source_that_is_cited_cannot_be_deleted():
    citation = cite(factories.conference())

    with pytest.raises(ProtectedError):
        citation.source.delete()


@pytest.mark.parametrize(
    ("language", "page", "headline"),
    [
        ("zh-Hans", "zh-hans", "上海生物医药大会"),
        ("zh-Hans", "en", "Biopharma conference in Shanghai"),
        ("en", "en", "上海生物医药大会"),
        ("ja", "en", "Biopharma conference in Shanghai"),
    ],
)
def test_readers_of_the_language_of_a_source_see_its_original_title(language, page, headline):
    source = Source(title_en="Biopharma conference in Shanghai", title_original="上海生物医药大会", language=language)

    with translation.override(page):
        shown = source.headline

    assert (shown, type(shown)) == (headline, str)


@pytest.mark.parametrize(("language", "original"), [("en", ""), ("ja", "上海バイオ医薬会議"), ("zh-Hans", "")])
def test_an_english_title_on_a_chinese_page_says_that_it_is_english(language, original):
    source = Source(title_en="Biopharma conference", title_original=original, language=language)

    with translation.override("zh-hans"):
        shown = source.headline

    assert (shown, type(shown), shown.language) == ("Biopharma conference", TextIn, "en")


@pytest.mark.parametrize(("page", "name"), [("en", "Shanghai Daily: Report"), ("zh-hans", "上海日报: 报道")])
def test_a_source_is_named_by_its_publisher_and_its_title(page, name):
    source = factories.source(title_en="Report", title_original="报道", language="zh-Hans")

    with translation.override(page):
        shown = str(source)

    assert shown == name


@pytest.mark.parametrize(("page", "url"), [("en", "/en/sources/report/"), ("zh-hans", "/zh-hans/sources/report/")])
def test_a_source_has_a_page_in_each_language(page, url):
    with translation.override(page):
        address = Source(slug="report").get_absolute_url()

    assert address == url


def test_sources_stand_latest_first():
    older, newest, undated = (factories.source(published_on=on) for on in ("2023", "2024-11-16", None))

    assert list(Source.objects.all()) == [newest, older, undated]
