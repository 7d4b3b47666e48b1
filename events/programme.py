"""The programme of a conference as people read it: by day, by room, and what is on now."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.models import Appearance, Session
from portal.markup import filled
from portal.templatetags.portal import marked

# --- By day -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A session of the programme and the appearances in it."""

    session: object
    people: list


@dataclass
class Day:
    """One day of a programme; `date` is None for the sessions whose day was not published."""

    date: date | None
    items: list[Item] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Its id on a page."""
        return f"day-{self.date or 'unknown'}"

    def entries(self, chosen=()) -> list[dict]:
        """What the programme shows of each session, for `each`: a page has hundreds. Those in `chosen` (slugs) are."""
        words = _Words(self.items[0].session.conference.slug)
        return [words.entry(item, chosen) for item in self.items]


class _Words:
    """What is the same for all sessions of a programme: their addresses, and words in the language of the page."""

    def __init__(self, conference_slug):
        self.before, self.after = reverse("events:session", args=[conference_slug, "-slug-"]).split("-slug-")
        self.kinds = {value: capfirst(str(label)) for value, label in Session.Kind.choices}
        self.statuses = {value: capfirst(str(label)) for value, label in Session.Status.choices}
        self.modes = {mode.value: f" · {mode.label}" for mode in Appearance.AWAY}
        self.comma = pgettext("between a name and a post", ", ")

    def entry(self, item, chosen) -> dict:
        session = item.session
        title = marked(session.title)
        is_break, is_settled = session.kind == Session.Kind.BREAK, session.status == Session.Status.CONFIRMED
        return {
            "slug": session.slug,
            "url": SafeString(f"{self.before}{session.slug}{self.after}"),
            "title": title,
            "shown_title": filled("<s>{}</s>", title) if session.is_cancelled else title,
            "kind": session.kind,
            "kind_label": self.kinds[session.kind],
            "states": f"{' is-cancelled' if session.is_cancelled else ''}{' is-break' if is_break else ''}",
            "status": "" if is_settled else filled('<span class="chip">{}</span>', self.statuses[session.status]),
            "when": self._when(session),
            "people": SafeString("".join(map(self._person, item.people))),
            "room": filled('<p class="room">{}</p>', marked(session.room)) if session.room else "",
            "checked": " checked" if session.slug in chosen else "",
        }

    def _when(self, session):
        if not session.starts_at:
            return ""
        begins = session.starts_at.isoformat("minutes")
        until = f"–{session.ends_at.isoformat('minutes')}" if session.ends_at else ""
        return SafeString(f'<time class="when" datetime="{session.day}T{begins}">{begins}{until}</time>')

    def _person(self, appearance):
        post = marked(appearance.post)
        name = marked(appearance.speaker.name)
        mode = self.modes.get(appearance.mode, "")
        return filled("<p>{}{}{}{}</p>", name, self.comma if post else "", post, mode)


@dataclass(frozen=True)
class Programme:
    days: list[Day]

    @property
    def star_label(self) -> list[str]:
        """What a star says, before and after the title of its session."""
        return _("Add to my programme: %(title)s").split("%(title)s")

    @property
    def has_times(self) -> bool:
        return any(item.session.starts_at for item in self._items)

    @property
    def lacks_times(self) -> bool:
        """Whether the time of some session was not published."""
        return any(item.session.starts_at is None for item in self._items)

    @property
    def has_rooms(self) -> bool:
        """Whether a table by room says more than the list: times are known, and two rooms at least."""
        return len({item.session.room for item in self._items if _has_place(item)}) > 1

    @property
    def _items(self):
        return (item for day in self.days for item in day.items)


def programme_of(sessions, appearances) -> Programme:
    """`sessions` in programme order, grouped by day; those without a day come last."""
    people = defaultdict(list)
    for appearance in appearances:
        people[appearance.session_id].append(appearance)
    days: dict[date | None, Day] = {}
    for session in sessions:
        days.setdefault(session.day, Day(session.day)).items.append(Item(session, people[session.pk]))
    return Programme(list(days.values()))


# --- By room ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What one room holds for `rows` rows of the table: a session, several that overlap, or nothing."""

    items: list[Item]
    rows: int


@dataclass
class Row:
    """A time at which something begins or ends, and the cells that begin with it, from the first room to the last."""

    time: time
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class DayByRoom:
    """One day as a table with a column per room. `rest` is a programme of what has no room or no time."""

    day: Day
    rooms: list[str]
    rows: list[Row]
    rest: Programme


@dataclass
class _Block:
    """Sessions of one room of which each overlaps another; from one of the day's times to another, by their number."""

    begin: int
    end: int
    items: list[Item]


def by_room(programme) -> list[DayByRoom]:
    """The days of `programme` as tables in which every session stands exactly once.

    A row begins where a session begins or ends. A session whose end was not published fills one row, because its length
    is not known; sessions that overlap in one room share a cell.
    """
    return [_table_of(day) for day in programme.days]


def _table_of(day) -> DayByRoom:
    placed = [item for item in day.items if _has_place(item)]
    rest = [item for item in day.items if not _has_place(item)]
    times = sorted({moment for item in placed for moment in (item.session.starts_at, item.session.ends_at) if moment})
    rooms = list(dict.fromkeys(item.session.room for item in placed))
    columns = [_blocks([item for item in placed if item.session.room == room], times) for room in rooms]
    edges = sorted({edge for blocks in columns for block in blocks for edge in (block.begin, block.end)})
    rows = [Row(times[edge]) for edge in edges[:-1]]
    for blocks in columns:
        _fill(rows, blocks, {edge: number for number, edge in enumerate(edges)})
    return DayByRoom(day, rooms, rows, Programme([Day(day.date, rest)] if rest else []))


def _has_place(item) -> bool:
    return bool(item.session.starts_at and item.session.room)


def _blocks(items, times) -> list[_Block]:
    number = {moment: number for number, moment in enumerate(times)}
    blocks: list[_Block] = []
    for item in sorted(items, key=lambda item: item.session.starts_at):
        begin = number[item.session.starts_at]
        end = number.get(item.session.ends_at, begin + 1)
        if blocks and begin < blocks[-1].end:
            blocks[-1].items.append(item)
            blocks[-1].end = max(end, blocks[-1].end)
        else:
            blocks.append(_Block(begin, end, [item]))
    return blocks


def _fill(rows, blocks, row_of):
    """Adds the column of one room to `rows`: its blocks, and what is empty between them."""
    filled = 0
    for block in blocks:
        begin, end = row_of[block.begin], row_of[block.end]
        if begin > filled:
            rows[filled].cells.append(Cell([], begin - filled))
        rows[begin].cells.append(Cell(block.items, end - begin))
        filled = end
    if filled < len(rows):
        rows[filled].cells.append(Cell([], len(rows) - filled))


# --- Now --------------------------------------------------------------------------------------------------------------

LONGEST_WITHOUT_END = timedelta(hours=1)


@dataclass(frozen=True)
class NowAndNext:
    """The sessions that are on, in every room, and those that begin next; `day` is the day of the next if not today."""

    on_now: list
    up_next: list
    day: date | None


def now_and_next(sessions, zone: tzinfo, now: datetime) -> NowAndNext | None:
    """What is on at the moment `now`, by the times of `sessions` in their time zone `zone`; None where no time says.

    A session whose end was not published counts as on until the next one in its room begins, and for an hour at the
    most: after that nobody can say, and silence is better than sending people into an empty room. Cancelled sessions
    are never on and end nothing.
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    held = [session for session in sessions if session.starts_at and not session.is_cancelled]
    on_now = [session for session in held if _is_on(session, held, local)]
    later = [session for session in held if _begin(session) > local]
    begin = min(map(_begin, later), default=None)
    if not on_now and begin is None:
        return None
    up_next = [session for session in later if _begin(session) == begin]
    return NowAndNext(on_now, up_next, begin.date() if begin and begin.date() != local.date() else None)


def _begin(session) -> datetime:
    return datetime.combine(session.day, session.starts_at)


def _is_on(session, held, local) -> bool:
    begin = _begin(session)
    end = datetime.combine(session.day, session.ends_at) if session.ends_at else begin + LONGEST_WITHOUT_END
    if not begin <= local < end:
        return False
    return bool(session.ends_at) or not any(
        other.room == session.room and begin < _begin(other) <= local for other in held
    )
