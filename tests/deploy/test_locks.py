"""The locks: everything is pinned with its hashes, in a form that every pip can follow."""

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = sorted(path.name for path in Path(settings.BASE_DIR).glob("requirements*.txt"))
PIN = re.compile(
    r"^(?P<requirement>[^\s#-].*?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins(lock: str) -> list[Requirement]:
    return [Requirement(found["requirement"]) for found in PIN.finditer((Path(settings.BASE_DIR) / lock).read_text())]


def asked_for(pinned: Requirement):
    """What a package of a lock needs on this machine, with the extras that it is installed with."""
    for line in distribution(pinned.name).requires or ():
        needed = Requirement(line)
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *pinned.extras)):
            yield needed


def test_there_is_a_lock_for_everything_that_is_asked_for():
    written = sorted(path.with_suffix(".txt").name for path in Path(settings.BASE_DIR).glob("requirements*.in"))

    assert written == LOCKS != []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock):
    text = (Path(settings.BASE_DIR) / lock).read_text()

    assert PIN.sub("", text).strip() == ""
    assert [str(pin) for pin in pins(lock) if [each.operator for each in pin.specifier] != ["=="]] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_one_package_asks_of_another_is_pinned_with_the_extras_it_asks_for(lock):
    """pip 23.2, which Python 3.11 brings, otherwise takes the newest version of "coverage[toml]", and stops."""
    pinned = {canonicalize_name(pin.name): pin for pin in pins(lock) if pin.marker is None or pin.marker.evaluate()}
    missing = [
        f"{pin} needs {needed}"
        for pin in pinned.values()
        for needed in asked_for(pin)
        if (found := pinned.get(canonicalize_name(needed.name))) is None
        or not needed.extras <= found.extras
        or not needed.specifier.contains(str(found.specifier)[2:], prereleases=True)
    ]

    assert missing == []
