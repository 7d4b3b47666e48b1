"""The Containerfile, as far as it can be held against the tree without building it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.conf import settings

from deploy.scratch_server import free_port
from tests.servers import servers

ROOT = Path(settings.BASE_DIR)
LINES = re.sub(r"\\\n", " ", (ROOT / "Containerfile").read_text()).splitlines()
STEPS = [line.partition(" ")[::2] for line in LINES if line and not line.startswith("#")]
COPIED = [word for name, rest in STEPS if name == "COPY" and "--from" not in rest for word in shlex.split(rest)[:-1]]


def test_everything_that_is_copied_is_there_and_reaches_the_builder():
    passed = [line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")]

    assert [name for name in COPIED if not (ROOT / name).exists()] == []
    assert sorted(set(COPIED)) == sorted(set(passed))


def test_nothing_of_this_machine_reaches_the_builder():
    ignored = (ROOT / ".containerignore").read_text().splitlines()
    kept = [line[1:] for line in ignored if line.startswith("!")]

    assert "*" in ignored
    assert [name for name in (".env", "var", ".git", ".venv") if any(fnmatch(name, each) for each in kept)] == []


def test_the_image_holds_what_the_lock_names_and_nobody_runs_as_root():
    installs = [rest for name, rest in STEPS if name == "RUN" and "pip install" in rest]

    assert all("--require-hashes" in rest for rest in installs)
    assert len(installs) == 1
    assert [rest for name, rest in STEPS if name == "USER"] == ["portal"]
    assert STEPS[-1][0] == "CMD"
    assert not re.search(r"SECRET_KEY=(?!only-for-the-build)", (ROOT / "Containerfile").read_text())


def test_python_is_of_the_version_that_the_project_asks_for():
    bases = {rest.split()[0] for name, rest in STEPS if name == "FROM"}

    assert bases == {"docker.io/library/python:3.11-slim"}
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text()


def test_the_steps_of_the_build_do_their_work_in_a_copy_of_what_is_copied(tmp_path):
    """All but the installation, with the packages of this machine; then nothing outside the copy was needed."""
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    [work] = [rest for name, rest in STEPS if name == "RUN" and "collectstatic" in rest]
    work = work.replace("/srv/portal", str(tmp_path)).replace(
        ".venv/bin/pip uninstall --yes --quiet pip setuptools", "true"
    )

    done = subprocess.run(
        ["/bin/sh", "-ec", work], cwd=tmp_path, env={"PATH": os.defpath}, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "static" / "staticfiles.json").exists()
    assert list(tmp_path.glob("locale/*/LC_MESSAGES/*.mo"))


def healthy(*options, **environment):
    return subprocess.run(
        [sys.executable, "deploy/healthy.py", *options], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker, tmp_path_factory):
    """The port of a portal."""
    variables = {"CACHE_URL": "locmemcache://", "HTTPS": "on"}
    with servers(1, tmp_path_factory.mktemp("container"), django_db_blocker, **variables) as portal:
        yield portal.first.port


@pytest.mark.django_db
def test_the_health_check_tells_a_portal_that_answers_from_one_that_does_not(port):
    ready = healthy("--ready", BIND=f"0.0.0.0:{port}")

    assert healthy(BIND=f"0.0.0.0:{port}").returncode == 0  # whatever it calls the portal, and without HTTPS
    assert (ready.returncode, ready.stdout.count(": ok")) == (0, 5)
    assert healthy(BIND=f"0.0.0.0:{free_port()}").returncode == 1
    assert healthy("--ready", BIND=f"0.0.0.0:{free_port()}").returncode == 1
