"""Writing to the office."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from events import enquiry_mail
from events.enquiries import Receipt, promised_reply, receive, reply_times
from events.enquiry_form import EnquiryForm, may_be_sent
from portal.allowances import HOUR

FORBIDDEN, TOO_MANY, SEE_OTHER = 403, 429, 303


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # `_is_forged` checks it: the answer of the middleware would lose what somebody wrote
def write(request):
    if request.method != "POST":
        return _form_page(request, EnquiryForm(about=request.GET.get("about", "")))
    form = EnquiryForm(request.POST)
    if _is_forged(request):
        form.add_error(
            None,
            _(
                "Your browser did not send the cookie that came with this form. Please allow it for "
                "this site and send the form again."
            ),
        )
        return _form_page(request, form, status=FORBIDDEN)
    if form.is_trap_sprung:
        return _seen(Receipt.for_nothing())
    if not form.is_valid():
        return _form_page(request, form)
    if not may_be_sent(request, form):
        form.add_error(
            None,
            _(
                "More was sent in the last hour than we can read. Your text is still here: please send "
                "it again in an hour."
            ),
        )
        return _form_page(request, form, status=TOO_MANY)
    return _seen(_receipt_of(request, form))


def _receipt_of(request, form):
    enquiry, is_new = receive(**form.enquiry, language=request.LANGUAGE_CODE)
    if not is_new:
        return Receipt.of(enquiry, is_mailed=False)
    enquiry_mail.tell_the_office(enquiry)
    return Receipt.of(enquiry, is_mailed=enquiry_mail.confirm(enquiry))


def _seen(receipt):
    return HttpResponseRedirect(receipt.get_absolute_url(), status=SEE_OTHER)


def _form_page(request, form, status=200):
    context = {
        "form": form,
        "reply_by": promised_reply(),
        "reply_times": reply_times(),
        "months": settings.ENQUIRY_RETENTION_MONTHS,
    }
    page = render(request, "events/enquiry_form.html", context, status=status)
    if status == TOO_MANY:
        page["Retry-After"] = HOUR
    return page


class _Check(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


def _is_forged(request) -> bool:
    """Whether the form may not be the one that this browser was given."""
    check = _Check(lambda _request: None)
    check.process_request(request)
    return bool(check.process_view(request, None, (), {}))


@never_cache
@require_safe
def receipt(request, token):
    return render(request, "events/enquiry_receipt.html", {"receipt": Receipt.read(token)})
