"""The audit of the locks, with a stand-in for pip-audit that answers what a test tells it to."""

import importlib.util
import json
import sys

import pytest
from django.conf import settings

VULNERABLE = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "CVE-2019-10906"}]}
SOUND = {"name": "django", "version": "5.2.19", "vulns": []}


@pytest.fixture
def audit():
    spec = importlib.util.spec_from_file_location("audit", settings.BASE_DIR / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def answers(audit, tmp_path):
    """Sets what pip-audit says about the control, and about each lock."""

    def set_to(control, lock):
        script = tmp_path / "pip_audit.py"
        script.write_text(
            "import sys\n"
            "control = open(sys.argv[2]).read().startswith('jinja2==2.10')\n"
            f"print({control!r} if control else {lock!r})\n"
        )
        audit.PIP_AUDIT = [sys.executable, str(script)]

    return set_to


def said(*packages) -> str:
    return json.dumps({"dependencies": packages})


def test_versions_without_advisories_pass_once_the_service_has_shown_that_it_sees(audit, answers, capsys):
    answers(said(VULNERABLE), said(SOUND))

    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("No advisory about anything in requirements.txt")


def test_an_advisory_fails_and_is_named(audit, answers, capsys):
    answers(said(VULNERABLE), said(SOUND, {**SOUND, "vulns": [{"id": "PYSEC-1"}]}))

    assert audit.main() == 1
    assert "requirements.txt: django 5.2.19: PYSEC-1" in capsys.readouterr().out


@pytest.mark.parametrize("answer", [said({**VULNERABLE, "vulns": []}), said(), "", "no connection"])
def test_a_service_that_sees_nothing_is_never_taken_for_a_clean_one(audit, answers, capsys, answer):
    answers(answer, said(SOUND))

    assert (audit.main(), audit.main(strict=True)) == (0, 2)
    assert capsys.readouterr().out.count("NOT AUDITED") == 2
