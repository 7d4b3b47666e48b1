"""The open sessions of staff, as their owners know them: when, where from, with what."""

import re

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# In this order, because most browsers also name the ones that they descend from.
BROWSERS = {
    "MicroMessenger": "WeChat",
    "QQBrowser": "QQ Browser",
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "HuaweiBrowser": "Huawei Browser",
    "HeadlessChrome|Chromium": "Chromium",
    "Firefox|FxiOS": "Firefox",
    "Chrome|CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "OpenHarmony|HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh|Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


class StaffSessionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(session__expire_date__gt=timezone.now())

    def for_user(self, user):
        return self.filter(user=user)

    def but(self, session_key):
        return self.exclude(session=session_key)

    def numbered(self, number):
        """The one of that number, which a form sent as text; none if it is no number."""
        return self.filter(pk=number) if number.isascii() and number.isdigit() and len(number) < 19 else self.none()

    def end(self) -> int:
        """Signs these browsers out; their next request is a stranger's. Returns how many."""
        keys = list(self.values_list("session", flat=True))
        Session.objects.filter(pk__in=keys).delete()
        return len(keys)


class StaffSession(models.Model):
    """A browser in which somebody is signed in. It goes with the session itself."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"))
    session = models.OneToOneField(Session, models.CASCADE)
    began_at = models.DateTimeField(_("signed in"))
    last_seen_at = models.DateTimeField(_("last seen"))
    address = models.GenericIPAddressField(_("address"))
    browser = models.CharField(_("browser"), max_length=255, blank=True)

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed-in device")
        verbose_name_plural = _("signed-in devices")
        ordering = ["-last_seen_at", "-pk"]

    def __str__(self):
        return self.browser_in_words

    @property
    def browser_in_words(self) -> str:
        return browser_in_words(self.browser)


def browser_in_words(user_agent) -> str:
    """ "Chromium on Linux", as far as a browser says what it is."""
    browser, system = (_first_of(names, user_agent) for names in (BROWSERS, SYSTEMS))
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("a browser that does not say what it is")


def _first_of(names, user_agent) -> str:
    return next((name for pattern, name in names.items() if re.search(pattern, user_agent)), "")
