"""Where pages have moved to (`portal.redirects`), as nginx reads it. What it cannot say, and the data for
programs, is left to the application, which knows every move."""

import re
from urllib.parse import quote

from portal.models import Redirect
from portal.static_site.addresses import LANGUAGES

_SAYABLE = re.compile(r"[\w/.-]+")  # in any script; nothing that is a sign to nginx
ROOTS = "|".join(LANGUAGES)
_BENEATH = r"(?<portal_beneath>(?:[/.][A-Za-z0-9._~/-]*)?)"  # only what can stand in a header, whoever asks


def rules_of_moves(moved) -> str:
    """The map from an address without a page to where it is now; `moved` are more of them, one by one (from, to)."""
    lines = [f'    "{address}" "{target}";' for address, target in sorted(moved) if _is_plain(address, target)]
    for old, new in _destinations():
        asked = f"~^/(?<portal_moved_in>{ROOTS})/{re.escape(old)}{_BENEATH}$"
        lines.append(f'    "{asked}" "/$portal_moved_in/{quote(new)}$portal_beneath";')
    return "\n".join(["map $portal_address $portal_moved {", '    default "";', *lines, "}", ""])


def _destinations() -> list[tuple[str, str]]:
    """Every old path with where it leads in the end, the most particular first."""
    found = []
    for old, new in Redirect.objects.order_by("old_path").values_list("old_path", "new_path"):
        destination = Redirect.objects.destination_of(old)
        if destination and _SAYABLE.fullmatch(old) and _SAYABLE.fullmatch(new):
            found.append((old, destination))
    return sorted(found, key=lambda each: (-len(each[0]), each[0]))


def _is_plain(address, target) -> bool:
    return all(re.fullmatch(r"[A-Za-z0-9._~/-]+", each) for each in (address, target))
