"""`python manage.py demo_login`: the demo's staff login, with a new random password each time."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.sign_in import second_factor, throttle

USERNAME = "demo"
DEMO_DATABASE = settings.BASE_DIR / "var" / "demo.sqlite3"


def is_the_demos_own_database() -> bool:
    return connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).absolute() == DEMO_DATABASE


def has_staff_of_its_own() -> bool:
    """Whether somebody besides `demo` may log in to the staff desk: the sign of a portal that is not a demo."""
    users = get_user_model().objects
    if users.model._meta.db_table not in connection.introspection.table_names():
        return False
    return users.filter(is_staff=True).exclude(username=USERNAME).exists()


def refuse_a_real_portal(promised: bool):
    """Raises CommandError unless this database is a demo's.

    `var/demo.sqlite3` is. Any other database must be promised to be one by the caller, and the promise does not count
    where real staff can log in.
    """
    if is_the_demos_own_database():
        return
    if not promised:
        raise CommandError("This is not var/demo.sqlite3. For another database, say --yes-this-is-a-demo.")
    if has_staff_of_its_own():
        raise CommandError(f"This database has staff besides `{USERNAME}`, so it is no demo: no login was made.")


class Command(BaseCommand):
    help = f"Gives the superuser `{USERNAME}` of a demo a new random password, prints it and ends older sessions."

    def add_arguments(self, parser):
        parser.add_argument(
            "--yes-this-is-a-demo",
            action="store_true",
            dest="promised",
            help="needed for any database but var/demo.sqlite3; refused all the same where real staff can log in",
        )

    def handle(self, *, promised, **options):
        refuse_a_real_portal(promised)

        password = secrets.token_urlsafe(12)
        user, _ = get_user_model().objects.get_or_create(username=USERNAME)
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_password(password)  # sessions carry a hash of the password: those begun with the old one end here
        user.save()
        second_factor.turn_off(user, by=None)
        throttle.let_in(user)

        self.stdout.write(f"{USERNAME} / {password}")
