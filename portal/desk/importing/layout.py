"""Which column of a resource each column of a sheet is."""

import re

from django.utils.translation import gettext as _

from portal.desk.importing.columns import spelled
from portal.desk.importing.likeness import words_like
from portal.desk.importing.sheets import Refused

LEFT_OUT = ("#", "＃")  # how the heading of a column begins that is not imported
MOST_REPETITIONS = 50


class Headings:
    """The headings that a resource understands, in every language and however they are spaced."""

    def __init__(self, items, groups):
        self._own = {word: column for item in items for column in item.columns for word in column.spellings}
        self._repeated = {
            word: (group, column) for group in groups for column in group.columns for word in column.spellings
        }

    def knows(self, heading) -> bool:
        return heading.startswith(LEFT_OUT) or self._found(heading) is not None

    def _found(self, heading):
        """The column that `heading` names, in one language or in two: the group that it belongs to, if any, the column
        and which repetition of it."""
        parts = [heading, *re.split(r"[\n/|]", heading)]
        return next(filter(None, map(self._named, parts)), None)

    def _named(self, heading):
        words = spelled(heading)
        if words in self._own:
            return None, self._own[words], 0
        numbers = re.findall(r"\d+", words)
        words = re.sub(r"\d+", "", words)
        if words not in self._repeated or len(numbers) > 1:
            return None
        number = int(numbers[0]) if numbers and len(numbers[0]) < 3 else 1
        group, column = self._repeated[words]
        return (group, column, number) if 1 <= number <= MOST_REPETITIONS else None

    def lay_out(self, headings) -> tuple[list[str | None], dict]:
        """The name of the column for each of `headings` (None for one that is left out), and how often each group is
        repeated. Raises `Refused` where a heading is unknown or stands there twice."""
        names, repetitions, unknown = [], {}, []
        for heading in headings:
            found = None if not heading or heading.startswith(LEFT_OUT) else self._found(heading)
            if found is None:
                names.append(None)
                if heading and not heading.startswith(LEFT_OUT):
                    unknown.append(heading)
                continue
            group, column, number = found
            name = column.column_name if group is None else f"{column.name}_{number}"
            if name in names:
                raise Refused(_("Two columns are called “%s”. Keep one of them.") % heading[:80])
            if group is not None:
                repetitions[group] = max(number, repetitions.get(group, 0))
            names.append(name)
        if unknown:
            raise Refused(self._sentence_about(unknown))
        return names, repetitions

    def _sentence_about(self, unknown) -> str:
        words = {**self._own, **{word: column for word, (_group, column) in self._repeated.items()}}
        named = []
        for heading in unknown[:10]:
            like = words_like(re.sub(r"\d+", "", spelled(heading[:80])), list(words))
            meant = _(" (did you mean “%s”?)") % words[like[0]].heading if like else ""
            named.append(f"“{heading[:80]}”{meant}")
        sentence = _("There is no such column: %s. Correct the heading, or begin it with # to leave the column out.")
        return sentence % ", ".join(named)
