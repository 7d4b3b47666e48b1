"""Where to write about a weakness of the portal: /.well-known/security.txt, as RFC 9116 has it."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import clock
from portal.languages import language_tag

PATH = ".well-known/security.txt"
VALID_FOR = timedelta(days=180)  # the RFC recommends less than a year


@require_safe
@cache_control(public=True, no_cache=True)  # it says until when it holds
def security_txt(request):
    """Nothing where nobody has said whom to write to."""
    if not settings.CONTACT_EMAIL:
        raise Http404("no contact is set")
    return HttpResponse(_text(), content_type="text/plain; charset=utf-8")


def _text() -> str:
    """It expires at the beginning of a day, so that the file is the same all day."""
    last_day = clock.today() + VALID_FOR
    languages = ", ".join(language_tag(code) for code, _name in settings.LANGUAGES)
    fields = {
        "Contact": f"mailto:{settings.CONTACT_EMAIL}",
        "Expires": f"{last_day.isoformat()}T00:00:00Z",
        "Preferred-Languages": languages,
        "Canonical": f"{settings.SITE_URL}/{PATH}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())
