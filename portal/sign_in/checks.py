"""What `manage.py check --deploy` says about signing in."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def proxies_are_counted(app_configs, **kwargs):
    """HTTPS=on needs a proxy, and behind one that is not counted everybody shares its address and so its limits."""
    if not settings.SESSION_COOKIE_SECURE or settings.TRUSTED_PROXIES:
        return []
    text = "HTTPS is on and TRUSTED_PROXIES is 0: everybody behind the proxy counts as one client."
    hint = "Set TRUSTED_PROXIES to the number of proxies that set X-Forwarded-For, or a few typing errors lock all out."
    return [checks.Warning(text, hint=hint, id="sign_in.W001")]
