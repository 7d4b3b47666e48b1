"""The component page: what there is, and each component in all its states. For staff only, and of no use to anybody
else; it shows no record of the portal."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.styleguide.catalogue import COMPONENTS
from events.styleguide.exampleland import exampleland
from events.styleguide.specimens import sheet_of
from portal.tokens import tokens


@never_cache
@staff_member_required(login_url="admin:login")
@require_safe
def styleguide(request):
    if "component" in request.GET:
        return _component(request, request.GET["component"])
    components = [COMPONENTS[name] for name in sorted(COMPONENTS)]
    return render(request, "events/styleguide.html", {"components": components, "tokens": tokens()})


def _component(request, name):
    if name not in COMPONENTS:
        raise Http404("no such component")
    with exampleland():
        sheet = sheet_of(COMPONENTS[name], request.GET.get("state"))
    context = {"component": sheet.component, "sheet": sheet, **sheet.around}
    return render(request, "events/styleguide_component.html", context)
