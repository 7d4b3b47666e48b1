"""What can be found on the whole site, kind by kind; how it is found is in `portal.search`."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Indicator, Organization, Place
from events.models import Agreement, Announcement, Conference, Document, InvestmentProject, Session, Speaker
from portal.search.kinds import Kind, register

KINDS = (
    Kind(
        1,
        "conferences",
        _("Conferences"),
        Conference,
        lambda: Conference.objects.published(),
        lambda conference: [capfirst(conference.get_kind_display()), conference.starts_on.words],
    ),
    Kind(
        2,
        "agreements",
        _("Agreements"),
        Agreement,
        lambda: Agreement.objects.published().with_first_signing(),
        lambda agreement: [capfirst(agreement.label), agreement.signed_on.words if agreement.signed_on else ""],
    ),
    Kind(
        3,
        "projects",
        _("Investment projects"),
        InvestmentProject,
        lambda: InvestmentProject.objects.published(),
    ),
    Kind(
        4,
        "companies",
        _("Companies"),
        Organization,
        lambda: Organization.objects.published(),
        lambda organization: [capfirst(organization.get_kind_display())],
    ),
    Kind(
        5,
        "speakers",
        _("Speakers and guests"),
        Speaker,
        lambda: Speaker.objects.published().on_public_stage(),
    ),
    Kind(
        6,
        "sessions",
        _("Programme"),
        Session,
        lambda: Session.objects.published().select_related("conference"),
        lambda session: [capfirst(session.get_kind_display()), session.conference.title],
    ),
    Kind(
        7,
        "news",
        _("News"),
        Announcement,
        lambda: Announcement.objects.published(),
        lambda announcement: [capfirst(announcement.get_kind_display()), announcement.announced_on.words],
    ),
    Kind(
        8,
        "places",
        _("Places"),
        Place,
        lambda: Place.objects.published(),
        lambda place: [capfirst(place.get_kind_display())],
    ),
    Kind(
        9,
        "indicators",
        _("Indicators"),
        Indicator,
        lambda: Indicator.objects.published(),
    ),
    Kind(
        10,
        "documents",
        _("Documents"),
        Document,
        lambda: Document.objects.published().select_related("conference"),
        lambda document: [document.file_type, document.language_name],
    ),
)

register(*KINDS)
