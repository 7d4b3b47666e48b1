"""What is shown to somebody who may see more than visitors do: the site at another moment, its drafts, or one draft.

`showing(preview)` sets it for the code it runs, as `portal.clock` sets the time; `portal.publishing` asks `current()`.
Who may have which preview is decided in `portal.desk.previews`. No page of a preview is ever stored by a cache.
"""

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Model, Q

from portal import clock


@dataclass(frozen=True)
class Preview:
    """One way of seeing the site. `moment`: as it will be then (None: now). `drafts`: with everything unpublished.
    `record`: with this one draft, what it hangs on and what hangs on it. `until`: when a shared preview ends."""

    moment: datetime | None = None
    drafts: bool = False
    record: Model | None = None
    until: datetime | None = None
    is_of_a_page: bool = False  # nobody asked for it: the page is a draft, and whoever opened it may see it

    def includes(self, model, prefix="") -> Q:
        """The condition under which unpublished rows of `model`, reached through `prefix`, are shown all the same."""
        condition = Q(pk__in=[])
        for record in self._line:
            if isinstance(record, model):
                condition |= Q(**{f"{prefix}pk": record.pk})
        if self.record is not None:
            for path in _paths(model, type(self.record)):
                condition |= Q(**{f"{prefix}{path}": self.record.pk})
        return condition

    @cached_property
    def _line(self) -> list[Model]:
        """The record and everything above it, without which it would stay hidden."""
        line, waiting = [], [self.record] if self.record is not None else []
        while waiting:
            record = waiting.pop()
            line.append(record)
            waiting += filter(None, (getattr(record, name) for name in record.published_with))
        return line


def _paths(model, above, seen=()) -> list[str]:
    """The ways up from `model` to the model `above`, along what each hangs on: "session__conference"."""
    found = []
    for name in getattr(model, "published_with", ()):
        parent = model._meta.get_field(name).related_model
        if parent is above:
            found.append(name)
        elif parent not in seen:
            found += [f"{name}__{path}" for path in _paths(parent, above, (*seen, model))]
    return found


_current: ContextVar[Preview | None] = ContextVar("preview", default=None)


def current() -> Preview | None:
    """The preview that the running code belongs to; None for what visitors see."""
    return _current.get()


@contextmanager
def showing(preview: Preview):
    """Run the block as `preview` says."""
    token = _current.set(preview)
    try:
        with clock.set_to(preview.moment) if preview.moment else nullcontext():
            yield
    finally:
        _current.reset(token)
