"""What an operator sets, what happens when it is wrong, and what is safe without being asked for."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from portal import settings as module

ROOT = Path(settings.BASE_DIR)
# A developer's own .env must not decide what these tests see.
WITHOUT_DOTENV = "from environ import Env; Env.read_env = lambda *args, **kwargs: None\n"


def python(program, **environment):
    """Runs `program` in a fresh interpreter whose environment holds nothing but `environment`."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DOTENV + program],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def run_manage(command, **environment):
    program = (
        f"import runpy, sys\nsys.argv = ['manage.py', {command!r}]\nrunpy.run_path('manage.py', run_name='__main__')"
    )
    return python(program, **environment)


def settings_with(*names, **environment):
    """The named settings as a fresh start of the portal reads them."""
    program = f"import json, portal.settings as s\nprint(json.dumps([getattr(s, name) for name in {names!r}]))"
    environment = {"SECRET_KEY": "only-for-tests", "DATABASE_URL": "sqlite://:memory:", **environment}
    started = python(program, **environment)
    assert started.returncode == 0, started.stderr
    return json.loads(started.stdout)


def test_the_example_names_exactly_the_variables_that_the_settings_declare():
    example = (ROOT / ".env.example").read_text()

    named = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", example, flags=re.MULTILINE)

    assert sorted(named) == sorted(module.env.scheme)


def test_each_variable_of_the_example_follows_a_sentence():
    lines = (ROOT / ".env.example").read_text().splitlines()

    for before, line in pairwise(lines):
        if re.match(r"(# )?[A-Z][A-Z0-9_]*=", line):
            assert re.fullmatch(r"# .+\.", before), line


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("SECRET_KEY", {}),
        ("SECRET_KEY", {"SECRET_KEY": ""}),
        ("DATABASE_URL", {"SECRET_KEY": "x", "DATABASE_URL": ""}),
        ("DATABASE_URL", {"SECRET_KEY": "x", "DATABASE_URL": "no address at all"}),
        ("DATABASE_URL", {"SECRET_KEY": "x", "DATABASE_URL": "postgres://portal@127.0.0.1:port/portal"}),
        ("DATABASE_URL", {"SECRET_KEY": "x", "DATABASE_URL": "mysql://portal@127.0.0.1/portal"}),
        ("CACHE_URL", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "CACHE_URL": "nowhere://"}),
        ("EMAIL_URL", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "EMAIL_URL": "nowhere://"}),
        ("ENQUIRY_REPLY_DAYS", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "ENQUIRY_REPLY_DAYS": "five"}),
        ("LOG_FORMAT", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "LOG_FORMAT": "xml"}),
        ("REQUESTS_AT_ONCE", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "REQUESTS_AT_ONCE": "many"}),
        ("SECOND_FACTOR", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "SECOND_FACTOR": "sometimes"}),
        ("MEDIA_STORAGE", {"SECRET_KEY": "x", "DATABASE_URL": "sqlite://:memory:", "MEDIA_STORAGE": "ftp://uploads"}),
    ],
)
def test_a_missing_or_malformed_variable_ends_the_start_with_one_line_that_names_it(name, environment):
    ended = run_manage("check", **environment)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith(f"The portal cannot start because of {name}: ")


def test_the_password_of_a_database_is_not_repeated_when_its_address_is_wrong():
    ended = run_manage("check", SECRET_KEY="x", DATABASE_URL="oops://portal:sesame@127.0.0.1/portal")

    assert ended.returncode == 1
    assert "sesame" not in ended.stderr


def test_the_secret_of_a_storage_is_not_repeated_when_its_address_is_wrong():
    ended = run_manage(
        "check", SECRET_KEY="x", DATABASE_URL="sqlite://:memory:", MEDIA_STORAGE="s3://key:sesame@uploads?style=odd"
    )

    assert ended.returncode == 1
    assert "sesame" not in ended.stderr


def test_the_address_of_a_database_may_set_how_connections_are_kept_and_add_limits():
    address = "postgres://portal@127.0.0.1/portal?CONN_MAX_AGE=0&DISABLE_SERVER_SIDE_CURSORS=True"
    [databases] = settings_with("DATABASES", DATABASE_URL=f"{address}&options=-c%20statement_timeout%3D30s")
    [plain] = settings_with("DATABASES", DATABASE_URL="postgres://portal@127.0.0.1/portal")

    assert databases["default"]["CONN_MAX_AGE"] == 0
    assert databases["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert databases["default"]["OPTIONS"]["options"] == "-c jit=off -c statement_timeout=30s"
    assert (plain["default"]["CONN_MAX_AGE"], plain["default"]["CONN_HEALTH_CHECKS"]) == (600, True)
    assert plain["default"]["OPTIONS"]["options"] == "-c jit=off"


def test_debug_is_off_unless_asked_for():
    assert settings_with("DEBUG") == [False]
    assert settings_with("DEBUG", DEBUG="on") == [True]


def test_https_makes_cookies_secure_redirects_and_is_remembered_by_browsers():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")

    assert settings_with(*names, HTTPS="1") == [True, True, True, 31_536_000]
    assert settings_with(*names) == [False, False, False, 0]


def test_the_forwarded_scheme_is_believed_behind_https_alone():
    assert settings_with("SECURE_PROXY_SSL_HEADER", HTTPS="1") == [["HTTP_X_FORWARDED_PROTO", "https"]]
    assert settings_with("SECURE_PROXY_SSL_HEADER") == [None]


def test_sqlite_queues_writers_instead_of_failing_them(tmp_path):
    program = """
import django, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    pragmas = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
               for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")}
print(json.dumps({**pragmas, "transaction_mode": connection.transaction_mode}))
"""

    started = python(program, SECRET_KEY="x", DATABASE_URL=f"sqlite:///{tmp_path}/portal.sqlite3")

    assert json.loads(started.stdout) == {
        "journal_mode": "wal",
        "busy_timeout": 20_000,
        "foreign_keys": 1,
        "synchronous": 2,
        "transaction_mode": "IMMEDIATE",
    }


def test_connections_are_kept_and_checked_before_use():
    (databases,) = settings_with("DATABASES", DATABASE_URL="postgres://portal@127.0.0.1:5432/portal")

    assert databases["default"]["CONN_HEALTH_CHECKS"] is True
    assert databases["default"]["CONN_MAX_AGE"] == 600


def test_loaddata_finds_the_fixtures_by_name():
    assert settings.FIXTURE_DIRS == [ROOT / "fixtures"]


def production() -> dict[str, str]:
    """Every variable as .env.example has it, and those that a portal on the internet sets."""
    example = (ROOT / ".env.example").read_text()
    usual = dict(re.findall(r"^# ([A-Z][A-Z0-9_]*)=(.+)$", example, flags=re.MULTILINE))
    return {
        **usual,
        "SECRET_KEY": "a-key-of-fifty-characters-and-more-0123456789-abcdefghijklm",
        "SITE_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "HTTPS": "on",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": "sqlite://:memory:",
    }


def deploy_check(**environment):
    program = (
        "import runpy, sys\nsys.argv = ['manage.py', 'check', '--deploy', '--fail-level', 'WARNING']\n"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    return python(program, **environment)


def test_the_production_example_passes_the_check_for_deployment():
    good, without_https = deploy_check(**production()), deploy_check(**{**production(), "HTTPS": "off"})

    assert (good.returncode, good.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), good.stderr
    assert without_https.returncode != 0
    assert "security.W008" in without_https.stderr
