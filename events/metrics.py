"""What operators may watch of enquiries (`portal.observability.metrics`)."""

from events.models import Enquiry
from portal.observability.metrics import gauge


@gauge("enquiries_waiting", "Enquiries that nobody has answered")
def waiting():
    return Enquiry.objects.open().count()


@gauge("enquiries_overdue", "Enquiries that should have been answered by now")
def overdue():
    return Enquiry.objects.overdue().count()
