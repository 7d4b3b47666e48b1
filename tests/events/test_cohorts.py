"""Since then: what became of everything that was signed on one stage (`events/cohorts.py`, rule 10)."""

import re
from datetime import date

import pytest
from django.utils import translation

from events.cohorts import cohort_of
from events.models import Agreement, InvestmentProject
from portal import clock
from tests.factories import (
    agreement,
    cite,
    conference,
    milestone,
    project,
    relation,
    session,
    signing,
    source,
    withdraw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # 15 November 2024


@pytest.fixture
def stage():
    return conference(starts_on="2019-11-15")


def sign(stage, kind="", **fields):
    """An agreement signed on `stage`; with a `kind`, its project has come that far."""
    plant = fields.pop("project", None) or (project() if kind else None)
    paper = agreement(project=plant, **fields)
    signing(agreement=paper, conference=stage, signed_on="2019-11-15")
    if kind:
        cite(milestone(project=plant, kind=kind, met_on="2024-05"), source(source_type="official_notice"))
    return paper


def slices(stage):
    return [(each.progress, each.count) for each in cohort_of(stage).slices]


def test_a_stage_on_which_nothing_was_signed_is_an_empty_cohort(stage):
    cohort = cohort_of(stage)

    assert (cohort.size, cohort.slices, cohort.documented, cohort.undocumented) == (0, [], [], 0)


def test_the_denominator_is_everything_that_was_signed_there(stage):
    for kind in ("operating", "operating", "approved", "", ""):
        sign(stage, kind)
    sign(conference(), "operating")

    cohort = cohort_of(stage)

    assert cohort.size == 5
    assert sum(each.count for each in cohort.slices) == 5


def test_the_denominator_stays_when_projects_move_on(stage):
    paper = sign(stage, "approved")
    sign(stage)
    before = cohort_of(stage)

    cite(milestone(project=paper.project, kind="operating"), source(source_type="official_notice"))
    after = cohort_of(stage)

    assert (before.size, after.size) == (2, 2)
    assert slices(stage) == [("operating", 1), ("signed", 1)]


def test_the_furthest_come_first_and_what_is_silent_before_them(stage):
    for kind in ("approved", "at_scale", "on_hold", "construction_started", ""):
        sign(stage, kind)
    sign(stage, project=project())

    assert slices(stage) == [
        ("presumed_lapsed", 1),
        ("on_hold", 1),
        ("at_scale", 1),
        ("construction_started", 1),
        ("approved", 1),
        ("signed", 1),
    ]


def test_what_is_not_documented_is_a_slice_of_its_own(stage):
    sign(stage, "operating")
    sign(stage)
    sign(stage)

    cohort = cohort_of(stage)

    assert [(each.label, each.count) for each in cohort.documented] == [("operating", 1)]
    assert cohort.undocumented == 2
    assert [each.is_undocumented for each in cohort.slices] == [False, True]


def test_a_step_without_enough_evidence_stays_undocumented(stage):
    paper = sign(stage, project=project())
    cite(milestone(project=paper.project, kind="operating", met_on="2024-05"), source(source_type="other"))

    assert slices(stage) == [("signed", 1)]


def test_a_cohort_has_an_as_of_date_from_the_clock(stage, now):
    assert cohort_of(stage).as_of == clock.today() == date(2024, 11, 15)


def test_a_paper_signed_twice_on_one_stage_is_one_paper(stage):
    paper = sign(stage)
    signing(agreement=paper, session=session(conference=stage))

    assert cohort_of(stage).size == 1


def test_what_was_signed_in_a_session_belongs_to_its_conference(stage):
    paper = agreement()
    signing(agreement=paper, session=session(conference=stage))

    assert cohort_of(stage).size == 1


def test_what_ended_stays_in_the_cohort(stage):
    sign(stage, terminated_on="2020")
    old = sign(stage)
    relation(agreement=agreement(), to=old, kind="supersedes")

    assert cohort_of(stage).size == 2


@pytest.mark.parametrize("hide", ["draft", "withdrawn"])
def test_what_is_hidden_is_in_no_cohort(stage, hide):
    sign(stage)
    hidden = sign(stage, "operating")
    before = cohort_of(stage).size

    if hide == "draft":
        Agreement.objects.filter(pk=hidden.pk).unpublish()
    else:
        withdraw(hidden)

    assert (before, slices(stage)) == (2, [("signed", 1)])


def test_a_draft_project_shows_nothing_of_how_far_it_came(stage):
    sign(stage, "operating")
    before = slices(stage)

    InvestmentProject.objects.unpublish()

    assert (before, slices(stage)) == ([("operating", 1)], [("signed", 1)])


@pytest.mark.parametrize("size", [1, 20])
def test_a_cohort_takes_two_queries_however_large(stage, size, django_assert_num_queries):
    for _number in range(size):
        sign(stage, "operating")

    with django_assert_num_queries(2):
        assert slices(stage) == [("operating", size)]


# --- On the page of the conference ------------------------------------------------------------------------------------


def panel(client, stage, language="en"):
    """The words of the panel, without markup; empty where the page has none."""
    with translation.override(language):
        html = client.get(stage.get_absolute_url()).content.decode()
    _before, found, rest = html.partition('<section class="panel cohort"')
    words = rest.partition(">")[2].partition("</section>")[0] if found else ""
    return " ".join(re.sub(r"<(?!/?time)[^>]*>", " ", words).split())


def test_the_page_says_what_became_of_what_was_signed(client, stage):
    sign(stage, "operating")
    sign(stage, project=project())
    sign(stage)
    sign(stage)

    assert panel(client, stage) == (
        "Since then 4 agreements were signed here. 1 presumed lapsed (inferred) 1 operating 2 no later step documented "
        'As of <time datetime="2024-11-15">15 November 2024</time>'
    )


def test_the_page_says_so_when_no_later_step_is_documented(client, stage):
    sign(stage)

    assert panel(client, stage).startswith("Since then 1 agreement was signed here. No later step is documented. As of")


def test_the_page_says_it_in_chinese(client, stage):
    sign(stage, "operating")
    sign(stage)

    words = panel(client, stage, "zh-hans")

    assert '<time datetime="2024-11-15">2024年11月15日</time>' in words
    assert not any(each in words for each in ("agreement", "operating", "documented", "As of", "Since"))


def test_a_page_without_signatures_has_no_panel(client, stage):
    hidden = sign(stage)
    before = panel(client, stage)

    Agreement.objects.filter(pk=hidden.pk).unpublish()

    assert (bool(before), panel(client, stage)) == (True, "")
