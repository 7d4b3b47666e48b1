"""`python manage.py let_in alice`: for somebody who cannot sign in to the staff desk any more."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portal.sign_in import notices, second_factor, throttle


class Command(BaseCommand):
    help = "Lets somebody try to sign in again at once, after too many failures; if asked, without the second factor."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="also removes the phone and the recovery codes, for somebody who lost both; a notice is mailed",
        )

    def handle(self, *, username, without_second_factor, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user `{username}`.")
        throttle.let_in(user)
        second_factor.forget_failures(user)
        self.stdout.write(f"`{username}` can try again at once.")
        if without_second_factor and second_factor.is_on(user):
            second_factor.turn_off(user, by=None)
            notices.tell(user, "second_factor_removed")
            self.stdout.write("The second factor was removed: the password alone signs in.")
        if not (user.is_active and user.is_staff):
            self.stdout.write("But this user is not active staff, and so cannot sign in to the desk.")
