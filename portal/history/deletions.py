"""What was deleted and is still known."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from portal.history.names import Names
from portal.history.records import history_of
from portal.history.timeline import names_of_people, who


@dataclass(frozen=True)
class Deletion:
    key: int
    name: str
    by: str
    date: datetime


class Deletions:
    """The deleted records of one model, the latest first, for a paginator."""

    def __init__(self, model):
        self.model = model
        history = history_of(model)._base_manager
        newest = history.order_by().values("id").annotate(newest=Max("history_id")).values("newest")
        is_there = Exists(model._base_manager.filter(pk=OuterRef("id")))
        gone = history.filter(history_type="-", pk__in=newest).exclude(is_there)
        self.rows = gone.order_by("-history_date", "-history_id")

    def __len__(self):
        return self.rows.count()

    def __getitem__(self, part):
        return list(self.rows[part])

    def told(self, rows) -> list[Deletion]:
        """`rows` in words; a constant number of queries."""
        records = {row.pk: row.instance for row in rows}
        names = Names(records.values())
        people = names_of_people(row.history_user_id for row in rows)
        return [
            Deletion(
                row.id,
                names.name(records[row.pk]),
                who(people.get(row.history_user_id, ""), row.history_change_reason),
                row.history_date,
            )
            for row in rows
        ]
