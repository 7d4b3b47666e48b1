"""From the signature to the factory: every rule of `events/stages.py` and of its queries, one test each."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events.models import Agreement, InvestmentProject, Milestone
from events.stages import (
    GRADES,
    LADDER,
    Promise,
    Rung,
    Stage,
    bar_of,
    ladder_of,
    months_before,
    progress_words,
    promise_of,
    types_graded,
)
from portal import clock
from portal.models import Source
from portal.partial_dates import PartialDate
from tests.factories import LONG_AGO, agreement, cite, milestone, project, signing, source, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]  # noon in Shanghai on 15 November 2024

TODAY = date(2024, 11, 15)
LATER = datetime(2999, 1, 1, tzinfo=ZoneInfo("UTC"))
NEEDS_A_OR_B = ["registered", "approved"]
NEEDS_MORE_THAN_ONE_WORD = ["construction_started", "completed", "operating", "at_scale"]


def step(plant, kind="construction_started", *source_types, met_on="2024-05", **fields):
    """A step of `plant` that was met, reported by one source of each type, each of its own publisher."""
    met = milestone(project=plant, kind=kind, met_on=met_on, **fields)
    for number, source_type in enumerate(source_types):
        report(met, source_type, f"Publisher {number}")
    return met


def report(record, source_type="independent_media", publisher="Shanghai Daily", published_on="2024-05-02", **citation):
    of = {"source_type": source_type, "published_on": published_on, "publisher_en": publisher}
    return cite(record, source(**of, publisher_zh_hans=""), **citation)


def stage_of(plant):
    return InvestmentProject.objects.with_progress().get(pk=plant.pk).stage


def progress_of(plant, day=None):
    if day is None:
        return InvestmentProject.objects.with_progress().get(pk=plant.pk).progress
    with clock.set_to(datetime.fromisoformat(f"{day}T00:00:01+08:00")):
        return progress_of(plant)


def evidence_on(plant):
    return str(InvestmentProject.objects.with_progress().get(pk=plant.pk).evidence_on or "")


def ladder(plant, *, today=TODAY, signed_on=None):
    milestones = plant.milestones.published().with_evidence().in_order()
    return ladder_of(milestones, signed_on=signed_on, route=plant.route, today=today)


def state(plant, kind, today=TODAY):
    return next(each.state for each in ladder(plant, today=today).steps if each.stage == kind)


# --- A stage is derived -----------------------------------------------------------------------------------------------


def test_no_model_has_a_stage_that_could_be_typed():
    fields = {field.name for model in (InvestmentProject, Agreement, Milestone) for field in model._meta.get_fields()}

    assert fields & {"stage", "progress", "evidence_on", "status"} == set()


def test_a_project_without_milestones_is_signed_and_nothing_more():
    assert stage_of(project()) == "signed"


def test_every_type_of_source_has_a_grade():
    assert set(GRADES) == set(Source.Type)
    assert {grade: set(types_graded(grade)) for grade in "ABCDE"} == {
        "A": {"official_register"},
        "B": {"official_notice"},
        "C": {"company_statement", "exchange_filing"},
        "D": {"independent_media", "government_media", "research"},
        "E": {"photo_or_video", "self_declaration", "other"},
    }


def test_every_rung_but_the_signature_is_a_kind_of_milestone():
    assert set(Stage) - set(Milestone.Kind) == {"signed"}


# --- Sufficient evidence ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NEEDS_A_OR_B)
@pytest.mark.parametrize("source_type", Source.Type.values)
def test_a_permit_needs_an_official_source(kind, source_type):
    plant = project()
    step(plant, kind, source_type)

    assert (stage_of(plant) == kind) == (GRADES[source_type] in "AB")


@pytest.mark.parametrize("kind", NEEDS_A_OR_B)
def test_no_number_of_other_sources_makes_a_permit(kind):
    plant = project()
    step(plant, kind, "company_statement", "exchange_filing", *["independent_media"] * 3, "photo_or_video")

    assert stage_of(plant) == "signed"


@pytest.mark.parametrize("kind", NEEDS_MORE_THAN_ONE_WORD)
@pytest.mark.parametrize("source_type", Source.Type.values)
def test_construction_and_later_need_an_official_company_or_exchange_source(kind, source_type):
    plant = project()
    step(plant, kind, source_type)

    assert (stage_of(plant) == kind) == (GRADES[source_type] in "ABC")


@pytest.mark.parametrize("kind", NEEDS_MORE_THAN_ONE_WORD)
def test_or_two_independent_reports(kind):
    plant = project()
    step(plant, kind, "independent_media", "government_media")

    assert stage_of(plant) == kind


def test_two_reports_of_one_publisher_are_one_report():
    plant = project()
    built = step(plant)
    report(built, publisher="Shanghai Daily")
    report(built, publisher="Shanghai Daily")

    assert stage_of(plant) == "signed"

    report(built, publisher="Wenhui Daily")
    assert stage_of(plant) == "construction_started"


def test_one_report_that_is_cited_twice_is_one_report():
    plant = project()
    built = step(plant)
    once = report(built, fact="met_on")
    cite(built, once.source, fact="", quote="Work began.")

    assert stage_of(plant) == "signed"


def test_two_reports_in_chinese_only_are_told_apart_by_their_publishers():
    plant = project()
    built = step(plant)
    for publisher in ("文汇报", "解放日报"):
        cite(built, source(source_type="government_media", publisher_en="", publisher_zh_hans=publisher))

    assert stage_of(plant) == "construction_started"


def test_government_media_alone_are_one_report_and_no_official_notice():
    plant = project()
    step(plant, "operating", "government_media")

    assert (GRADES[Source.Type.GOVERNMENT_MEDIA], stage_of(plant)) == ("D", "signed")


def test_the_promoters_own_words_and_pictures_never_add_up():
    plant = project()
    step(plant, "construction_started", "self_declaration", "photo_or_video", "other", "independent_media")

    assert stage_of(plant) == "signed"


@pytest.mark.parametrize("kind", ["groundbreaking", "announced"])
def test_a_ceremony_or_an_announcement_never_means_construction(kind):
    plant = project()
    step(plant, kind, "official_register", "company_statement", "independent_media")

    assert stage_of(plant) == "signed"
    assert state(plant, "construction_started") == Rung.OPEN
    assert [each.kind for each in ladder(plant).beside] == [kind]


def test_a_source_that_contradicts_is_no_evidence():
    plant = project()
    built = step(plant)
    report(built, "official_register", stance="contradicts")

    assert stage_of(plant) == "signed"

    report(built, "official_notice", stance="implies")
    assert stage_of(plant) == "construction_started"


def test_a_rejected_source_is_no_evidence():
    plant = project()
    citation = report(step(plant), "official_register")

    before = stage_of(plant)
    Source.objects.filter(pk=citation.source_id).update(rejected_reason="machine-made copy")

    assert (before, stage_of(plant)) == ("construction_started", "signed")


def test_the_source_of_a_promise_is_no_evidence_that_it_was_kept():
    plant = project()
    kept = step(plant, "operating", due_on="2024-03")
    report(kept, "official_notice", fact="due_on", published_on="2023-01")

    assert stage_of(plant) == "signed"

    report(kept, "official_notice", fact="met_on")
    assert stage_of(plant) == "operating"


def test_a_step_that_is_only_promised_is_not_reached():
    plant = project()
    promised = milestone(project=plant, kind="operating", due_on="2026", met_on=None)
    report(promised, "official_register")

    assert stage_of(plant) == "signed"


def test_with_evidence_and_sufficient_say_the_same_of_what_was_met():
    plant = project()
    step(plant, "registered", "official_notice")
    step(plant, "approved", "company_statement")
    step(plant, "completed", "independent_media", "research")
    step(plant, "operating")

    sufficient = set(Milestone.objects.sufficient())

    assert {each.kind for each in sufficient} == {"registered", "completed"}
    assert {each for each in Milestone.objects.with_evidence() if each.is_sufficient} == sufficient


# --- The highest rung -------------------------------------------------------------------------------------------------


def test_the_highest_rung_wins_in_whatever_order_it_was_recorded_or_dated():
    plant = project()
    step(plant, "operating", "official_notice", met_on="2022")
    step(plant, "registered", "official_register", met_on="2023-01-01")

    assert stage_of(plant) == "operating"


def test_a_higher_rung_without_enough_evidence_changes_nothing():
    plant = project()
    step(plant, "approved", "official_notice")
    step(plant, "at_scale", "self_declaration")

    assert stage_of(plant) == "approved"


@pytest.mark.parametrize("kind", ["on_hold", "lapsed"])
def test_what_stopped_has_stopped_while_nothing_newer_is_documented(kind):
    plant = project()
    step(plant, "construction_started", "official_notice", met_on="2022-05")
    step(plant, kind, "company_statement", met_on="2023-05")

    assert (stage_of(plant), progress_of(plant)) == (kind, kind)

    step(plant, "completed", "self_declaration", met_on="2024-01")
    assert stage_of(plant) == kind

    step(plant, "registered", "official_register", met_on="2024-02")
    assert stage_of(plant) == "construction_started"


def test_a_stop_without_enough_evidence_stops_nothing():
    plant = project()
    step(plant, "approved", "official_notice", met_on="2022-05")
    step(plant, "on_hold", "independent_media", met_on="2023-05")

    assert stage_of(plant) == "approved"


def test_existing_premises_have_no_construction_on_the_ladder_or_as_a_stage():
    tenant = project(route="existing")
    step(tenant, "completed", "official_notice", met_on="2022-05")

    assert [each.stage for each in ladder(tenant).steps] == [
        "signed",
        "registered",
        "approved",
        "operating",
        "at_scale",
    ]
    assert [each.kind for each in ladder(tenant).beside] == ["completed"]
    assert stage_of(tenant) == "signed"


@pytest.mark.parametrize("route", ["new_build", "fit_out", "not_stated"])
def test_every_other_route_has_all_rungs(route):
    assert [each.stage for each in ladder(project(route=route)).steps] == LADDER


def test_agreements_of_one_project_share_its_stage():
    plant = project()
    first, second = agreement(project=plant), agreement(project=plant)
    step(plant, "operating", "official_notice")

    found = Agreement.objects.with_progress().filter(pk__in=[first.pk, second.pk])

    assert [(each.stage, each.progress) for each in found] == [("operating", "operating")] * 2


# --- What is not public -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hide", ["draft", "scheduled", "withdrawn"])
def test_the_milestones_and_sources_of_a_hidden_project_are_hidden_behind_its_agreement(hide):
    plant = project()
    paper = agreement(project=plant)
    step(plant, "operating", "official_notice", met_on="2020-02")
    built = Agreement.objects.with_progress().get(pk=paper.pk)

    if hide == "withdrawn":
        withdraw(plant)
    else:
        InvestmentProject.objects.update(published_at=None if hide == "draft" else LATER)
    hidden = Agreement.objects.with_progress().get(pk=paper.pk)

    assert (built.stage, str(built.evidence_on)) == ("operating", "2024-05-02")
    assert (hidden.stage, hidden.progress, hidden.evidence_on) == ("signed", "signed", None)


def test_a_draft_project_never_makes_its_agreement_silent():
    plant = project(published_at=None)
    paper = agreement(project=plant)
    signing(agreement=paper, conference=None, session=None, signed_on="2015")

    assert Agreement.objects.with_progress().get(pk=paper.pk).progress == "signed"


def test_the_signing_of_a_draft_agreement_ends_no_silence():
    plant = project()
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2019-05")
    signing(agreement=agreement(project=plant, published_at=None), conference=None, session=None, signed_on="2024-05")

    assert (evidence_on(plant), progress_of(plant)) == ("2019-05", "presumed_lapsed")

    Agreement.objects.update(published_at=LONG_AGO)
    assert (evidence_on(plant), progress_of(plant)) == ("2024-05", "signed")


# --- Silence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed_on", "day", "progress"),
    [
        ("2022-11-15", "2024-11-15", "signed"),
        ("2022-11-15", "2024-11-16", "quiet"),
        ("2022-11-15", "2026-11-15", "quiet"),
        ("2022-11-15", "2026-11-16", "presumed_lapsed"),
        # a month lasts until its last day, a year until 31 December
        ("2022-11", "2024-11-30", "signed"),
        ("2022-11", "2024-12-01", "quiet"),
        ("2022-11", "2026-11-30", "quiet"),
        ("2022-11", "2026-12-01", "presumed_lapsed"),
        ("2022", "2024-12-31", "signed"),
        ("2022", "2025-01-01", "quiet"),
        ("2022", "2026-12-31", "quiet"),
        ("2022", "2027-01-01", "presumed_lapsed"),
        # the last day of February
        ("2022-02-28", "2024-02-29", "signed"),
        ("2022-02-28", "2024-03-01", "quiet"),
        ("2024-02-29", "2026-02-28", "signed"),
        ("2024-02-29", "2026-03-01", "quiet"),
    ],
)
def test_24_months_of_silence_are_said_and_48_presume_the_end(signed_on, day, progress):
    plant = project()
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on=signed_on)

    assert progress_of(plant, day) == progress


def test_the_day_changes_in_shanghai():
    plant = project()
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2022-11-15")

    with clock.set_to(datetime(2024, 11, 15, 16, 30, tzinfo=ZoneInfo("UTC"))):
        assert progress_of(plant) == "quiet"


def test_a_year_is_newer_evidence_than_a_month_of_it():
    plant = project()
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2022-03")
    report(step(plant, "construction_started", met_on="2022"), published_on="2022-03-05")

    assert (evidence_on(plant), progress_of(plant)) == ("2022", "signed")


@pytest.mark.parametrize("kind", ["operating", "at_scale", "on_hold", "lapsed"])
def test_what_operates_or_has_stopped_never_goes_silent(kind):
    plant = project()
    report(step(plant, kind, met_on="2010"), "official_notice", published_on="2010-05")

    assert progress_of(plant) == kind


@pytest.mark.parametrize("kind", ["registered", "approved", "construction_started", "completed"])
def test_every_stage_before_operation_can_go_silent_and_keeps_its_name(kind):
    plant = project()
    report(step(plant, kind, met_on="2010"), "official_notice", published_on="2010-05")

    assert (stage_of(plant), progress_of(plant)) == (kind, "presumed_lapsed")


def test_an_agreement_without_a_project_never_goes_silent():
    paper = agreement(project=None)
    signing(agreement=paper, conference=None, session=None, signed_on="1999")

    found = Agreement.objects.with_progress().get()

    assert (found.stage, found.progress, found.evidence_on) == ("signed", "signed", None)


def test_a_project_of_which_nothing_is_dated_is_not_silent():
    plant = project()
    cite(plant, source(published_on=None))

    assert (progress_of(plant), evidence_on(plant)) == ("signed", "")


def old_project():
    plant = project()
    signing(agreement=agreement(project=plant), conference=None, session=None, signed_on="2019-05")
    return plant


def test_a_newer_source_about_the_project_ends_the_silence():
    plant = old_project()
    before = progress_of(plant)

    cite(plant, source(published_on="2023-01-01"))

    assert (before, progress_of(plant), evidence_on(plant)) == ("presumed_lapsed", "signed", "2023-01-01")


def test_a_newer_source_about_an_old_milestone_ends_the_silence():
    plant = old_project()

    report(step(plant, met_on="2019-09"), published_on="2023-01-01")

    assert (progress_of(plant), evidence_on(plant)) == ("signed", "2023-01-01")


def test_a_step_that_was_reported_without_enough_evidence_ends_the_silence_and_reaches_nothing():
    plant = old_project()

    report(step(plant, "operating", met_on="2023-06"), "self_declaration", published_on=None)

    assert (stage_of(plant), progress_of(plant), evidence_on(plant)) == ("signed", "signed", "2023-06")


def test_a_second_signing_ends_the_silence():
    plant = old_project()

    signing(agreement=plant.agreements.get(), signed_on="2024-01")

    assert progress_of(plant) == "signed"


@pytest.mark.parametrize("flaw", [{"rejected_reason": "machine-made copy"}, {}])
def test_a_source_that_cannot_be_used_ends_no_silence(flaw):
    plant = old_project()
    stance = "states" if flaw else "contradicts"

    cite(plant, source(published_on="2024-01", **flaw), stance=stance)
    cite(step(plant, met_on="2024-01"), source(published_on="2024-01", **flaw), stance=stance)

    assert (progress_of(plant), evidence_on(plant)) == ("presumed_lapsed", "2019-05")


def test_a_step_without_any_source_ends_no_silence():
    plant = old_project()

    step(plant, met_on="2024-01")

    assert (progress_of(plant), evidence_on(plant)) == ("presumed_lapsed", "2019-05")


def test_a_promise_of_the_future_is_no_evidence_but_its_source_is():
    plant = old_project()
    promised = milestone(project=plant, kind="operating", due_on="2030", met_on=None)

    before = progress_of(plant)
    report(promised, fact="due_on", published_on="2023-01")

    assert (before, progress_of(plant), evidence_on(plant)) == ("presumed_lapsed", "signed", "2023-01")


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2024, 11, 15), 24, date(2022, 11, 15)),
        (date(2024, 2, 29), 24, date(2022, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2023, 3, 31), 1, date(2023, 2, 28)),
        (date(2024, 12, 31), 1, date(2024, 11, 30)),
        (date(2024, 1, 1), 1, date(2023, 12, 1)),
        (date(2024, 1, 1), 0, date(2024, 1, 1)),
    ],
)
def test_months_before_is_the_same_day_or_the_last_of_a_shorter_month(day, months, earlier):
    assert months_before(day, months) == earlier


# --- In words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("progress", "stage", "english"),
    [
        ("signed", "signed", "Signed; no later step documented"),
        ("operating", "operating", "Operating"),
        ("quiet", "approved", "Approved; no public progress found since September 2020 (inferred)"),
        ("quiet", "signed", "Signed; no public progress found since September 2020 (inferred)"),
        (
            "presumed_lapsed",
            "construction_started",
            "Under construction; presumed lapsed: no public progress found since September 2020 (inferred)",
        ),
        ("lapsed", "lapsed", "Lapsed"),
    ],
)
def test_what_is_only_inferred_says_so(progress, stage, english):
    assert progress_words(progress, stage, PartialDate(2020, 9)) == english


def test_progress_is_said_in_chinese_too():
    with translation.override("zh-hans"):
        words = progress_words("quiet", "approved", PartialDate(2020, 9))

    assert "2020年9月" in words
    assert not any(letter.isascii() and letter.isalpha() for letter in words)


@pytest.mark.parametrize(
    ("stage", "reached"), [("signed", 1), ("approved", 3), ("at_scale", 7), ("on_hold", 1), ("lapsed", 1)]
)
def test_the_bar_fills_up_to_the_stage_and_shows_only_the_signature_of_what_stopped(stage, reached):
    bar = bar_of(stage)

    assert [rung.stage for rung in bar] == LADDER
    assert [rung.is_reached for rung in bar] == [True] * reached + [False] * (7 - reached)


# --- The ladder -------------------------------------------------------------------------------------------------------


def test_the_signature_is_met_and_dated_by_the_first_signing():
    [signed, *_rest] = ladder(project(), signed_on=PartialDate(2022, 10)).steps

    assert (signed.stage, signed.state, signed.signed_on) == ("signed", Rung.MET, PartialDate(2022, 10))


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("registered", "An official register or notice is missing."),
        ("approved", "An official register or notice is missing."),
        (
            "construction_started",
            "An official, company or exchange source, or a second independent report, is missing.",
        ),
        ("operating", "An official, company or exchange source, or a second independent report, is missing."),
    ],
)
def test_a_step_without_enough_evidence_is_reported_and_says_what_is_missing(kind, missing):
    plant = project()
    step(plant, kind, "independent_media")

    [reported] = [each for each in ladder(plant).steps if each.state == Rung.REPORTED]

    assert (reported.stage, str(reported.missing)) == (kind, missing)


def test_a_step_with_enough_evidence_misses_nothing():
    plant = project()
    step(plant, "operating", "independent_media")
    step(plant, "operating", "official_notice", met_on="2024-04")

    assert state(plant, "operating") == Rung.MET
    assert [each.missing for each in ladder(plant).steps] == [""] * 7


@pytest.mark.parametrize(
    ("due_on", "today", "expected"),
    [
        ("2024-11-15", TODAY, Rung.DUE),
        ("2024-11-14", TODAY, Rung.NOT_DOCUMENTED),
        ("2024-11", date(2024, 11, 30), Rung.DUE),
        ("2024-11", date(2024, 12, 1), Rung.NOT_DOCUMENTED),
        ("2024", date(2024, 12, 31), Rung.DUE),
        ("2024", date(2025, 1, 1), Rung.NOT_DOCUMENTED),
    ],
)
def test_a_promised_rung_is_due_until_its_last_possible_day(due_on, today, expected):
    plant = project()
    milestone(project=plant, kind="operating", due_on=due_on, met_on=None)

    assert state(plant, "operating", today) == expected


def test_a_rung_that_was_promised_again_waits_for_the_last_promise():
    plant = project()
    milestone(project=plant, kind="operating", due_on="2023", met_on=None)
    milestone(project=plant, kind="operating", due_on="2026", met_on=None)

    assert state(plant, "operating") == Rung.DUE


def test_a_rung_of_which_nothing_is_known_is_open():
    assert state(project(), "registered") == Rung.OPEN


# --- Promises ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "met_on", "today", "promise"),
    [
        ("2024-11-15", None, TODAY, Promise.DUE),
        ("2024-11-14", None, TODAY, Promise.NOT_DOCUMENTED),
        ("2024-11", None, date(2024, 11, 30), Promise.DUE),
        ("2024-11", None, date(2024, 12, 1), Promise.NOT_DOCUMENTED),
        ("2024", None, date(2024, 12, 31), Promise.DUE),
        ("2024", None, date(2025, 1, 1), Promise.NOT_DOCUMENTED),
        ("2022-09", "2022-09-30", TODAY, Promise.MET),
        ("2022-09", "2022-10-01", TODAY, Promise.LATE),
        ("2022-09", "2022", TODAY, Promise.MET),
        ("2022-09", "2023", TODAY, Promise.LATE),
        ("2022", "2022-12-31", TODAY, Promise.MET),
        ("2022-09-15", "2022-09", TODAY, Promise.MET),
        ("2030", "2024", TODAY, Promise.MET),
    ],
)
def test_a_promise_is_due_met_late_or_not_documented(due_on, met_on, today, promise):
    met = PartialDate.parse(met_on) if met_on else None

    assert promise_of(PartialDate.parse(due_on), met, today) == promise


def promised(plant, due_on, **fields):
    milestone(project=plant, due_on=due_on, met_on=None, **{"kind": "operating", **fields})
    return Milestone.objects.published().promised().with_documented_date()


def test_a_promise_is_kept_by_another_record_of_the_same_step():
    plant = project()
    promises = promised(plant, "2022-09")
    before = promises.get().promise
    step(plant, "operating", "official_notice", met_on="2022-10")

    [loaded] = promises.all()

    assert (before, loaded.promise, str(loaded.documented_on)) == (Promise.NOT_DOCUMENTED, Promise.LATE, "2022-10")


def test_a_promise_is_not_kept_by_a_report_without_enough_evidence():
    plant = project()
    promises = promised(plant, "2022-09")
    step(plant, "operating", "self_declaration", "government_media", met_on="2022-08")

    assert promises.get().promise == Promise.NOT_DOCUMENTED


def test_a_promise_is_not_kept_by_another_step_or_another_project():
    plant = project()
    promises = promised(plant, "2022-09")
    step(plant, "completed", "official_notice", met_on="2022-08")
    step(project(), "operating", "official_notice", met_on="2022-08")

    assert promises.get().promise == Promise.NOT_DOCUMENTED


def test_the_first_documented_date_counts():
    plant = project()
    promises = promised(plant, "2022-09")
    step(plant, "operating", "official_notice", met_on="2023-01")
    step(plant, "operating", "official_notice", met_on="2022-08")

    assert promises.get().promise == Promise.MET


def test_the_promises_of_a_draft_project_are_hidden():
    plant = project()
    promises = promised(plant, "2030")
    before = promises.count()

    InvestmentProject.objects.unpublish()

    assert (before, promises.count()) == (1, 0)


def test_promises_come_in_the_order_of_their_dates():
    for due_on in ("2026-01", "2025", "2025-06-01"):
        promises = promised(project(), due_on)

    assert [str(each.due_on) for each in promises] == ["2025", "2025-06-01", "2026-01"]


def test_what_was_never_promised_is_no_promise():
    step(project(), "operating", "official_notice")

    assert Milestone.objects.promised().count() == 0


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 10])
def test_one_query_derives_every_stage(size, django_assert_num_queries):
    for _number in range(size):
        plant = old_project()
        step(plant, "operating", "independent_media", "government_media")

    with django_assert_num_queries(1):
        found = [each.progress_words for each in InvestmentProject.objects.published().with_progress()]

    assert found == ["Operating"] * size


@pytest.mark.parametrize(
    ("published_on", "counts"),
    [("2022-01-26", False), ("2022-01-27", True), ("2022-01", True), ("2021", False), ("", True)],
)
def test_a_source_from_before_the_day_is_no_evidence_of_it(published_on, counts):
    step = milestone(kind="operating", met_on="2022-01-27", due_on="")
    cite(step, source=source(source_type="official_notice", published_on=published_on))

    [loaded] = Milestone.objects.with_evidence()

    assert loaded.is_sufficient is counts
