"""How far an investment project has come, derived from dated evidence. Nobody types a stage.

A stage counts only where its milestone was met and the sources for it are good enough: a permit needs an official
source, a building site more than the promoter's own word. A ground-breaking ceremony never means construction. Rules:
Global Energy Monitor's entry conditions and silence rules, OCDS milestones.
"""

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.clock import months_before
from portal.models import Source


class Stage(TextChoices):
    """The rungs from the signature to the factory, in their order; then what can happen beside them."""

    SIGNED = "signed", _("signed")
    REGISTERED = "registered", _("registered")
    APPROVED = "approved", _("approved")
    CONSTRUCTION_STARTED = "construction_started", _("under construction")
    COMPLETED = "completed", _("completed")
    OPERATING = "operating", _("operating")
    AT_SCALE = "at_scale", _("at scale")
    ON_HOLD = "on_hold", _("on hold")
    LAPSED = "lapsed", _("lapsed")


LADDER = [stage for stage in Stage if stage not in (Stage.ON_HOLD, Stage.LAPSED)]
BUILDING = [Stage.CONSTRUCTION_STARTED, Stage.COMPLETED]
DONE = [Stage.OPERATING, Stage.AT_SCALE]


class Silence(TextChoices):
    """What long silence about a project means: always inferred, and said to be."""

    QUIET = "quiet", _("no public progress found (inferred)")
    PRESUMED_LAPSED = "presumed_lapsed", _("presumed lapsed (inferred)")


PROGRESS = {choice.value: choice.label for choices in (Stage, Silence) for choice in choices}
SILENT_AFTER = {Silence.QUIET: 24, Silence.PRESUMED_LAPSED: 48}  # months without new evidence


def stage_of(newest_step, highest_step) -> str:
    """The highest rung with sufficient evidence, and signed without any; on hold or lapsed where that is the newest."""
    if newest_step in (Stage.ON_HOLD, Stage.LAPSED):
        return newest_step
    return highest_step or Stage.SIGNED.value


def progress_of(stage, evidence_on, today) -> str:
    """The stage, or what silence since the newest evidence means. Nobody is silent who operates, or whom nobody
    followed; a date known to the month or year is given the benefit of the doubt."""
    if stage in (*DONE, Stage.ON_HOLD, Stage.LAPSED) or not evidence_on:
        return stage
    for silence, months in sorted(SILENT_AFTER.items(), key=lambda item: -item[1]):
        if evidence_on.latest < months_before(today, months):
            return silence.value
    return stage


def progress_words(progress, stage, evidence_on) -> str:
    """How far a project has come, in a sentence; what is only inferred from silence says so."""
    label = Stage(stage).label
    if progress == Silence.PRESUMED_LAPSED:
        text = _("%(stage)s; presumed lapsed: no public progress found since %(date)s (inferred)")
    elif progress == Silence.QUIET:
        text = _("%(stage)s; no public progress found since %(date)s (inferred)")
    elif stage == Stage.SIGNED:
        text = _("%(stage)s; no later step documented")
    else:
        text = "%(stage)s"
    return capfirst(str(text) % {"stage": label, "date": evidence_on.words if evidence_on else ""})


# How good a source is as evidence of a stage, from A (official register) to E (the promoter's own word).
GRADES = {
    Source.Type.OFFICIAL_REGISTER: "A",
    Source.Type.OFFICIAL_NOTICE: "B",
    Source.Type.COMPANY_STATEMENT: "C",
    Source.Type.EXCHANGE_FILING: "C",
    Source.Type.INDEPENDENT_MEDIA: "D",
    Source.Type.GOVERNMENT_MEDIA: "D",
    Source.Type.RESEARCH: "D",
    Source.Type.PHOTO_OR_VIDEO: "E",
    Source.Type.SELF_DECLARATION: "E",
    Source.Type.OTHER: "E",
}
NEEDS_AN_OFFICIAL_SOURCE = [Stage.REGISTERED, Stage.APPROVED]


def types_graded(grades) -> list[str]:
    """The source types of the given grades: `types_graded("AB")`."""
    return [source_type for source_type, grade in GRADES.items() if grade in grades]


@dataclass(frozen=True)
class BarRung:
    """One part of the compact bar on cards."""

    stage: Stage
    is_reached: bool


def bar_of(stage) -> list[BarRung]:
    """The compact bar for a derived stage; what is on hold or lapsed shows its signature only."""
    reached = LADDER.index(stage) if stage in LADDER else 0
    return [BarRung(rung, number <= reached) for number, rung in enumerate(LADDER)]


# --- The drawn ladder -------------------------------------------------------------------------------------------------


class Rung(TextChoices):
    """What is known of one rung."""

    MET = "met", _("met")
    REPORTED = "reported", _("reported, evidence missing")
    DUE = "due", _("promised")
    NOT_DOCUMENTED = "not_documented", _("promised, not documented")
    OPEN = "open", _("not documented")


@dataclass
class Step:
    """One rung of the ladder with the milestones that speak about it."""

    stage: Stage
    state: Rung = Rung.OPEN
    milestones: list = field(default_factory=list)
    signed_on: object = None

    @property
    def missing(self) -> str:
        """What would make a reported step count."""
        if self.state != Rung.REPORTED:
            return ""
        if self.stage in NEEDS_AN_OFFICIAL_SOURCE:
            return _("An official register or notice is missing.")
        return _("An official, company or exchange source, or a second independent report, is missing.")


@dataclass
class Ladder:
    """The rungs of one project, and the milestones that are no rung (announcements, ceremonies)."""

    steps: list[Step]
    beside: list


def ladder_of(milestones, *, signed_on, route, today) -> Ladder:
    """The ladder of a project from its `milestones` (loaded `with_evidence()`) and its first signing.

    Existing premises have no construction: a tenant is not late for what never was to be built.
    """
    rungs = [rung for rung in LADDER if not (route == "existing" and rung in BUILDING)]
    steps = {rung: Step(rung) for rung in rungs}
    beside = []
    for milestone in milestones:
        step = steps.get(milestone.kind)
        (step.milestones if step else beside).append(milestone)
    for step in steps.values():
        step.state = _state(step.milestones, today)
    steps[Stage.SIGNED].state, steps[Stage.SIGNED].signed_on = Rung.MET, signed_on
    return Ladder(list(steps.values()), beside)


def _state(milestones, today) -> Rung:
    met = [milestone for milestone in milestones if milestone.met_on]
    due = [milestone.due_on for milestone in milestones if milestone.due_on]
    if any(milestone.is_sufficient for milestone in met):
        return Rung.MET
    if met:
        return Rung.REPORTED
    if not due:
        return Rung.OPEN
    return Rung.DUE if max(day.latest for day in due) >= today else Rung.NOT_DOCUMENTED


# --- The promise calendar ---------------------------------------------------------------------------------------------


class Promise(TextChoices):
    """What became of a date that was promised."""

    DUE = "due", _("still to come")
    MET = "met", _("met")
    LATE = "late", _("met late")
    NOT_DOCUMENTED = "not_documented", _("not documented")


def promise_of(due_on, met_on, today) -> Promise:
    """What became of the promise of `due_on`, when `met_on` is the documented date (or None).

    Dates known only to the month or year are given the benefit of the doubt: met in 2022 is in time for 2022-09.
    """
    if met_on:
        return Promise.MET if met_on.earliest <= due_on.latest else Promise.LATE
    return Promise.DUE if due_on.latest >= today else Promise.NOT_DOCUMENTED
