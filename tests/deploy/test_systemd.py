"""The examples for systemd, read by systemd itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
UNITS = sorted((ROOT / "deploy").glob("portal*.s*")) + sorted((ROOT / "deploy").glob("portal*.timer"))
DAILY = re.search(r"enable --now (.+)$", (ROOT / "deploy" / "portal-daily@.timer").read_text(), re.MULTILINE)[1]


def verified(folder, *changes):
    """What `systemd-analyze verify` says of the units, with the paths of this tree."""
    program = shutil.which("systemd-analyze") or pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        text = unit.read_text().replace("/srv/portal", str(ROOT))
        for before, after in changes:
            text = text.replace(before, after)
        (folder / unit.name).write_text(text)
    names = [folder / unit.name.replace("@.", "@clearsessions.") for unit in UNITS]
    return subprocess.run(
        [program, "verify", "--man=no", *names], env={"SYSTEMD_UNIT_PATH": f"{folder}:"}, capture_output=True, text=True
    )


def test_systemd_finds_nothing_wrong(tmp_path):
    found = verified(tmp_path)

    assert [line for line in found.stderr.splitlines() if "portal" in line] == []
    assert found.returncode == 0


def test_systemd_would_find_something(tmp_path):
    found = verified(tmp_path, ("ExecStart=", "ExecStart=/nowhere"), ("Restart=on-failure", "Restart=sometimes"))

    assert "portal.service" in found.stderr


def test_the_daily_jobs_are_commands_of_the_portal():
    named = re.findall(r"portal-daily@(\w+)\.timer", DAILY)

    assert named == ["clearsessions", "erase_enquiries", "check_links"]
    assert [name for name in named if name not in get_commands()] == []


def test_the_service_may_write_where_the_portal_writes_alone():
    service = (ROOT / "deploy" / "portal.service").read_text()

    assert "ProtectSystem=strict" in service
    assert re.findall(r"^ReadWritePaths=(.*)$", service, re.MULTILINE) == ["/srv/portal/var"]


def test_the_nightly_backup_may_write_into_its_folder_and_is_a_command_of_the_portal():
    service = (ROOT / "deploy" / "portal-backup.service").read_text()
    (command, folder), verified = re.findall(r"manage\.py (\w+) (\S+)", service)

    assert (command, verified) == ("backup", ("backup", folder))
    assert command in get_commands()
    assert folder in re.search(r"^ReadWritePaths=(.*)$", service, re.MULTILINE)[1].split()
