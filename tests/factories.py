"""Records for tests: one function per model, each with sensible bilingual defaults, public since 2020.

    conference(starts_on="2024-11", series=None)      keywords override a default; None stays None
    amount(quantity=Quantity(Decimal("16e9"), ">"))   quantities are assigned whole
    cite(agreement(), fact="title", quote="…")        the concrete citation of any cited record

What a record hangs on is made too, unless it is given. Partial dates may be written as text.
"""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from companies.models import (
    Indicator,
    Observation,
    Organization,
    OrganizationIdentifier,
    Place,
    Presence,
    Sector,
)
from events.models import (
    Agreement,
    AgreementParty,
    AgreementRelation,
    Amount,
    Announcement,
    Appearance,
    Conference,
    ConferenceRole,
    Document,
    Enquiry,
    InvestmentProject,
    Milestone,
    Photo,
    ReplyTemplate,
    Series,
    Session,
    Signing,
    Speaker,
)
from portal import clock
from portal.corrections import correction_models
from portal.fields import PartialDateField
from portal.models import OutsideLink, Redirect, Run, Source
from portal.partial_dates import PartialDate
from portal.provenance import citation_models
from portal.quantities import Quantity

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # when the records of tests were published

_numbers = count(10_001)  # as many digits for every record, so that slugs sort in the order of their making


# --- portal -----------------------------------------------------------------------------------------------------------


def source(**overrides):
    number = next(_numbers)
    defaults = {
        "title_en": f"Report {number}",
        "title_original": f"报道{number}",
        "slug": f"source-{number}",
        "publisher_en": "Shanghai Daily",
        "publisher_zh_hans": "上海日报",
        "url": f"https://news.example/{number}",
        "source_type": Source.Type.INDEPENDENT_MEDIA,
        "language": "zh-Hans",
        "published_on": "2024-11-16",
    }
    return _create(Source, defaults, overrides)


def redirect(**overrides):
    number = next(_numbers)
    return _create(Redirect, {"old_path": f"news/old-{number}", "new_path": "news"}, overrides)


def outside_link(**overrides):
    return _create(OutsideLink, {"url": f"https://news.example/{next(_numbers)}"}, overrides)


def run(**overrides):
    return _create(Run, {"command": f"command-{next(_numbers)}", "began_at": LONG_AGO}, overrides)


def cite(record, source=None, fact="", quote="", **overrides):
    """The citation of `source` (default: a new one) for `fact` of `record`."""
    citation = record._meta.get_field("citations").related_model
    defaults = {"record": record, "source": source or _source, "fact": fact, "quote": quote}
    return _create(citation, defaults, overrides)


def sourced(record):
    """The same record, after a citation that lets it be public."""
    cite(record)
    return record


def ready(record):
    """The same record, with everything that it needs to be public."""
    if isinstance(record, Agreement):
        signing(agreement=record)
    return sourced(record) if hasattr(record, "citations") else record


def correct(record, **overrides):
    """A correction of `record`: of its title or name, made on 3 May 2025."""
    defaults = {
        "record": record,
        "made_on": date(2025, 5, 3),
        "old_value": "2024-11-14",
        "reason_en": "The organizer announced another day.",
        "reason_zh_hans": "主办方公布了另一日期。",
    }
    return _create(record._meta.get_field("corrections").related_model, defaults, overrides)


def withdraw(record, **overrides):
    """The withdrawal of `record`."""
    reason = {"reason_en": "It never took place.", "reason_zh_hans": "从未举行。"}
    return correct(record, **{"kind": "withdrawal", "old_value": "", **reason, **overrides})


# --- companies --------------------------------------------------------------------------------------------------------


def sector(**overrides):
    number = next(_numbers)
    defaults = {"name_en": f"Sector {number}", "name_zh_hans": f"行业{number}", "slug": f"sector-{number}"}
    return _create(Sector, defaults, overrides)


def place(**overrides):
    number = next(_numbers)
    defaults = {
        "name_en": f"Park {number}",
        "name_zh_hans": f"园区{number}",
        "slug": f"place-{number}",
        "kind": Place.Kind.PARK,
    }
    return _publish(Place, defaults, overrides)


def organization(**overrides):
    number = next(_numbers)
    defaults = {
        "name_en": f"Company {number}",
        "name_zh_hans": f"公司{number}",
        "slug": f"organization-{number}",
        "country": "CN",
    }
    return _publish(Organization, defaults, overrides)


def identifier(**overrides):
    defaults = {
        "organization": organization,
        "scheme": OrganizationIdentifier.Scheme.STOCK,
        "value": f"HKEX {next(_numbers)}",
    }
    return _create(OrganizationIdentifier, defaults, overrides)


def presence(**overrides):
    defaults = {"organization": organization, "place": place, "kind": Presence.Kind.HEADQUARTERS}
    return _create(Presence, defaults, overrides)


def indicator(**overrides):
    number = next(_numbers)
    defaults = {
        "name_en": f"Companies {number}",
        "name_zh_hans": f"企业数{number}",
        "slug": f"indicator-{number}",
        "unit_en": "companies",
        "unit_zh_hans": "家",
    }
    return _publish(Indicator, defaults, overrides)


def observation(**overrides):
    defaults = {"indicator": indicator, "period": "2024", "quantity": Quantity(Decimal(428))}
    return _publish(Observation, defaults, overrides)


# --- events -----------------------------------------------------------------------------------------------------------


def series(**overrides):
    number = next(_numbers)
    defaults = {"name_en": f"Series {number}", "name_zh_hans": f"系列{number}", "slug": f"series-{number}"}
    return _publish(Series, defaults, overrides)


def conference(**overrides):
    number = next(_numbers)
    defaults = {
        "title_en": f"Conference {number}",
        "title_zh_hans": f"大会{number}",
        "slug": f"conference-{number}",
        "starts_on": "2024-11-15",
    }
    return _publish(Conference, defaults, overrides)


def conference_role(**overrides):
    defaults = {"conference": conference, "organization": organization, "role": ConferenceRole.Role.ORGANIZER}
    return _create(ConferenceRole, defaults, overrides)


def session(**overrides):
    number = next(_numbers)
    defaults = {
        "conference": conference,
        "title_en": f"Session {number}",
        "title_zh_hans": f"环节{number}",
        "slug": f"session-{number}",
    }
    return _publish(Session, defaults, overrides)


def speaker(**overrides):
    number = next(_numbers)
    defaults = {"name_en": f"Speaker {number}", "name_zh_hans": f"嘉宾{number}", "slug": f"speaker-{number}"}
    return _publish(Speaker, defaults, overrides)


def appearance(**overrides):
    """At a session, unless a conference is given."""
    defaults = {"speaker": speaker, "post_en": "Deputy Director", "post_zh_hans": "副主任"}
    if not overrides.get("conference"):
        defaults["session"] = session
    return _create(Appearance, defaults, overrides)


def agreement(**overrides):
    """Signed nowhere yet, without parties and amounts."""
    number = next(_numbers)
    defaults = {
        "title_en": f"Agreement {number}",
        "title_zh_hans": f"协议{number}",
        "slug": f"agreement-{number}",
        "kind": Agreement.Kind.INVESTMENT,
    }
    return _publish(Agreement, defaults, overrides)


def party(**overrides):
    """An organization of the portal, unless a name is given."""
    defaults = {"agreement": agreement, "role": AgreementParty.Role.INVESTOR}
    if not (overrides.get("name_en") or overrides.get("name_zh_hans")):
        defaults["organization"] = organization
    return _create(AgreementParty, defaults, overrides)


def signing(**overrides):
    """At a conference, unless a session is given; `conference=None` for a signing away from any stage."""
    defaults = {"agreement": agreement, "signed_on": "2024-11-15"}
    if not overrides.get("session"):
        defaults["conference"] = conference
    return _create(Signing, defaults, overrides)


def amount(**overrides):
    defaults = {"agreement": agreement, "quantity": Quantity(Decimal(16_000_000_000))}
    return _create(Amount, defaults, overrides)


def relation(**overrides):
    defaults = {"agreement": agreement, "kind": AgreementRelation.Kind.UPGRADES, "to": agreement}
    return _create(AgreementRelation, defaults, overrides)


def project(**overrides):
    number = next(_numbers)
    defaults = {"title_en": f"Plant {number}", "title_zh_hans": f"工厂{number}", "slug": f"project-{number}"}
    return _publish(InvestmentProject, defaults, overrides)


def milestone(**overrides):
    defaults = {"project": project, "kind": Milestone.Kind.CONSTRUCTION_STARTED, "met_on": "2021-05"}
    return _create(Milestone, defaults, overrides)


def announcement(**overrides):
    number = next(_numbers)
    defaults = {
        "title_en": f"News {number}",
        "title_zh_hans": f"新闻{number}",
        "slug": f"announcement-{number}",
        "announced_on": "2024-11-15",
    }
    return _publish(Announcement, defaults, overrides)


def document(**overrides):
    number = next(_numbers)
    defaults = {
        "title_en": f"Programme {number}",
        "title_zh_hans": f"日程{number}",
        "slug": f"document-{number}",
        "file": pdf,
        "language": "en",
        "conference": conference,
    }
    return _publish(Document, defaults, overrides)


def photo(**overrides):
    number = next(_numbers)
    defaults = {
        "conference": conference,
        "image": picture,
        "alt_en": f"Two people sign paper {number}",
        "alt_zh_hans": f"两人签署文件{number}",
        "credit": "Shanghai Daily",
    }
    return _publish(Photo, defaults, overrides)


def enquiry(**overrides):
    now = clock.now()
    defaults = {
        "topic": Enquiry.Topic.INVEST,
        "message": "Where can we rent a laboratory?",
        "email": "investor@example.com",
        "consent_at": now,
        "received_at": now,
        "due_at": now + timedelta(days=7),
    }
    return _create(Enquiry, defaults, overrides)


def reply_template(**overrides):
    number = next(_numbers)
    defaults = {
        "name": f"Template {number}",
        "subject_en": "Your enquiry",
        "subject_zh_hans": "您的咨询",
        "text_en": "Dear {name}, thank you.",
        "text_zh_hans": "{name}，您好！感谢来信。",
    }
    return _create(ReplyTemplate, defaults, overrides)


# --- files ------------------------------------------------------------------------------------------------------------


def picture(name="", image_format="PNG", size=(4, 3)):
    """An upload that is a picture."""
    name = name or f"stage.{image_format.lower()}"
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, image_format)
    return SimpleUploadedFile(name, content.getvalue(), Image.MIME[image_format])


def pdf(name="programme.pdf"):
    """An upload that begins like a PDF file."""
    return SimpleUploadedFile(name, b"%PDF-1.7\n%%EOF\n")


# --- any model --------------------------------------------------------------------------------------------------------

FACTORIES = {
    Agreement: agreement,
    AgreementParty: party,
    AgreementRelation: relation,
    Amount: amount,
    Announcement: announcement,
    Appearance: appearance,
    Conference: conference,
    ConferenceRole: conference_role,
    Document: document,
    Enquiry: enquiry,
    Indicator: indicator,
    InvestmentProject: project,
    Milestone: milestone,
    Observation: observation,
    Organization: organization,
    OrganizationIdentifier: identifier,
    OutsideLink: outside_link,
    Photo: photo,
    Place: place,
    Presence: presence,
    Redirect: redirect,
    ReplyTemplate: reply_template,
    Run: run,
    Sector: sector,
    Series: series,
    Session: session,
    Signing: signing,
    Source: source,
    Speaker: speaker,
}


def make(model, **overrides):
    """A record of any model of the portal, for tests that are generated over all of them."""
    if model in citation_models():
        record = overrides.pop("record", None) or make(model.record_model())
        return cite(record, **overrides)
    if model in correction_models():
        record = overrides.pop("record", None) or make(model.record_model())
        return correct(record, **overrides)
    return FACTORIES[model](**overrides)


def _publish(model, defaults, overrides):
    return _create(model, {"published_at": LONG_AGO, **defaults}, overrides)


def _create(model, defaults, overrides):
    """Saves a record; a default that is a function is called only when nothing was given in its place."""
    values = {**defaults, **overrides}
    values = {name: value() if callable(value) and name in defaults else value for name, value in values.items()}
    many = {field.name: values.pop(field.name, []) for field in model._meta.many_to_many}
    record = model()
    for name, value in values.items():
        setattr(record, name, _as_stored(record, name, value))
    record.save(force_insert=True)
    for name, related in many.items():
        if related:
            getattr(record, name).set(related)
    return record


def _as_stored(record, name, value):
    field = getattr(type(record), name, None)
    is_partial_date = isinstance(getattr(field, "field", None), PartialDateField)
    return PartialDate.parse(value) if is_partial_date and isinstance(value, str) and value else value


_source = source  # `cite` has an argument of that name
