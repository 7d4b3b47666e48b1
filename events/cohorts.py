"""Since then: what became of everything that was signed on one stage.

The cohort is what was signed there, and stays the denominator; what is not documented is a slice of its own, and the
whole has an as-of date (rule 10 of honest totals).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from events.register import SignedAt
from events.stages import PROGRESS, Stage
from portal import clock


@dataclass(frozen=True)
class Slice:
    """The agreements of a cohort that have come equally far."""

    progress: str
    label: str
    count: int

    @property
    def is_undocumented(self) -> bool:
        return self.progress == Stage.SIGNED


@dataclass(frozen=True)
class Cohort:
    slices: list[Slice]
    as_of: date

    @property
    def size(self) -> int:
        return sum(each.count for each in self.slices)

    @property
    def documented(self) -> list[Slice]:
        return [each for each in self.slices if not each.is_undocumented]

    @property
    def undocumented(self) -> int:
        return sum(each.count for each in self.slices if each.is_undocumented)


def cohort_of(conference, signed=None) -> Cohort:
    """What became of the agreements `signed` at `conference` (events.register.SignedAt), furthest first."""
    signed = signed or SignedAt(conference)
    progress = signed.progress_by_project
    counts = Counter()
    for project, number in Counter(signed.projects).items():
        counts[progress.get(project, Stage.SIGNED.value)] += number
    furthest_first = [value for value in reversed(PROGRESS) if value in counts]
    return Cohort([Slice(each, str(PROGRESS[each]), counts[each]) for each in furthest_first], clock.today())
