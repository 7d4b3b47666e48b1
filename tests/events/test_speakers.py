import pytest
from django.utils import translation

from companies.models import Organization
from events.models import Appearance, Conference, Session, Speaker
from tests.factories import appearance, cite, conference, organization, session, speaker

pytestmark = pytest.mark.django_db


# --- who is shown -----------------------------------------------------------------------------------------------------


def test_a_speaker_without_an_appearance_is_not_on_a_public_stage():
    on_stage = appearance().speaker
    speaker()

    assert list(Speaker.objects.on_public_stage()) == [on_stage]


def test_a_speaker_is_listed_once_however_often_they_appear():
    person = speaker()
    appearance(speaker=person)
    appearance(speaker=person, conference=conference())

    assert list(Speaker.objects.on_public_stage()) == [person]


def test_a_speaker_of_a_draft_session_is_not_on_a_public_stage():
    shown = appearance()
    before = list(Speaker.objects.on_public_stage())

    Session.objects.unpublish()

    assert (before, list(Speaker.objects.on_public_stage())) == ([shown.speaker], [])


def test_an_appearance_in_a_draft_session_is_hidden():
    shown = appearance()
    before = list(Appearance.objects.published())

    Session.objects.unpublish()

    assert (before, list(Appearance.objects.published())) == ([shown], [])


def test_an_appearance_in_a_session_of_a_draft_conference_is_hidden_on_the_page_of_the_speaker():
    shown = appearance()
    before = list(shown.speaker.appearances.published())

    Conference.objects.unpublish()

    assert (before, list(shown.speaker.appearances.published())) == ([shown], [])


def test_an_appearance_at_a_draft_conference_is_hidden():
    shown = appearance(conference=conference())
    before = list(Appearance.objects.published())

    Conference.objects.unpublish()

    assert (before, list(Appearance.objects.published())) == ([shown], [])


def test_a_draft_speaker_is_hidden_on_the_page_of_the_conference():
    shown = appearance()
    appearances = Appearance.objects.published().for_conference(shown.session.conference)
    before = list(appearances)

    Speaker.objects.unpublish()

    assert (before, list(appearances.all())) == ([shown], [])


def test_an_appearance_stays_and_does_not_name_a_draft_organization():
    shown = appearance(organization=organization())
    before = shown.public_organization

    Organization.objects.unpublish()

    assert (before, Appearance.objects.published().get().public_organization) == (shown.organization, None)


def test_an_appearance_for_nobody_names_no_organization():
    assert appearance().public_organization is None


# --- finding ----------------------------------------------------------------------------------------------------------


def test_a_conference_shows_those_of_its_sessions_and_those_whose_session_is_not_known():
    meeting = conference()
    in_session = appearance(session=session(conference=meeting), position=2)
    at_conference = appearance(conference=meeting, position=1)
    appearance()
    appearance(conference=conference())

    assert list(Appearance.objects.for_conference(meeting)) == [at_conference, in_session]


def test_a_session_shows_those_who_appear_in_it():
    shown = appearance()
    appearance(session=session(conference=shown.session.conference))

    assert list(Appearance.objects.for_session(shown.session)) == [shown]


def test_a_speaker_shows_every_edition_latest_first_whether_or_not_the_session_is_known():
    person = speaker()
    of_2020 = appearance(speaker=person, conference=conference(starts_on="2020"))
    of_2022 = appearance(speaker=person, session=session(conference=conference(starts_on="2022-11")))
    of_2024 = appearance(speaker=person, conference=conference(starts_on="2024-11-15"))
    of_2018 = appearance(speaker=person, session=session(conference=conference(starts_on="2018")))
    appearance()

    assert list(person.appearances.latest_first()) == [of_2024, of_2022, of_2020, of_2018]


def test_the_stage_of_an_appearance_is_loaded_with_it(django_assert_num_queries):
    appearance(organization=organization())
    appearance(conference=conference())

    with django_assert_num_queries(1):
        stages = [
            (each.speaker.name, each.held_at.title, each.organization and each.organization.name)
            for each in Appearance.objects.with_stage()
        ]

    assert [bool(organization) for *_, organization in stages] == [True, False]


def test_an_appearance_was_held_at_the_conference_of_its_session():
    in_session, at_conference = appearance(), appearance(conference=conference())

    held_at = [in_session.held_at, at_conference.held_at]

    assert held_at == [in_session.session.conference, at_conference.conference]


# --- what was said ----------------------------------------------------------------------------------------------------


def test_the_statements_of_an_appearance_are_the_citations_that_report_one(django_assert_num_queries):
    shown = appearance()
    said = cite(shown, statement_en="We will build here.", quote="我们将在这里建厂。")
    cite(shown, fact="post")

    [loaded] = Appearance.objects.with_citations()
    with django_assert_num_queries(0):
        statements = loaded.statements

    assert statements == [said]


def test_a_statement_in_one_language_is_enough():
    said = cite(appearance(), statement_zh_hans="我们将在这里建厂。")

    assert (said.statement, said.statement.language) == ("我们将在这里建厂。", "zh-hans")


# --- rules, names, addresses ------------------------------------------------------------------------------------------


def test_one_person_may_have_two_roles_in_a_session():
    talk = appearance(role=Appearance.Role.SPEAKER)

    panel = appearance(speaker=talk.speaker, session=talk.session, role=Appearance.Role.PANELLIST)
    panel.full_clean()

    assert list(Appearance.objects.for_session(talk.session)) == [talk, panel]


def test_the_post_is_kept_as_it_was_held_at_each_edition():
    person = speaker()
    for year, post in (("2020", "Engineer"), ("2024", "Deputy Director")):
        appearance(speaker=person, conference=conference(starts_on=year), post_en=post)

    assert [each.post for each in person.appearances.latest_first()] == ["Deputy Director", "Engineer"]


@pytest.mark.parametrize(("language", "url"), [("en", "/en/speakers/zhai/"), ("zh-hans", "/zh-hans/speakers/zhai/")])
def test_a_speaker_has_a_page_in_each_language_and_an_appearance_leads_to_it(language, url):
    person = Speaker(slug="zhai")

    with translation.override(language):
        addresses = [person.get_absolute_url(), Appearance(speaker=person).get_absolute_url()]

    assert addresses == [url, url]


def test_speakers_and_appearances_name_themselves():
    person = speaker(name_en="Zhai Jinguo")
    in_session = appearance(speaker=person, session=session(title_en="Opening"))
    at_conference = appearance(speaker=person, conference=conference(title_en="Meilan Lake 2024"))

    assert [str(person), str(in_session), str(at_conference)] == [
        "Zhai Jinguo",
        "Zhai Jinguo · Opening",
        "Zhai Jinguo · Meilan Lake 2024",
    ]
