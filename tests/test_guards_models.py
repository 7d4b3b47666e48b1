"""Guards over every model of the portal: each rule of the database speaks to the editor and is kept by the database.

`VIOLATIONS` holds, for each constraint, a record that breaks it and no other. A constraint without one fails here.
"""

import re
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.functional import Promise

from events.models import Enquiry
from portal import clock
from portal.corrections import correction_models
from portal.natural_keys import NaturalKey
from portal.partial_dates import PartialDate
from portal.provenance import citation_models
from portal.quantities import Quantity
from tests import factories
from tests.factories import make

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if model._meta.app_label in ("portal", "companies", "events")]
CONSTRAINTS = {constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints}


def altered(record, /, **changes):
    """A saved record with changes that are not saved yet."""
    for name, value in changes.items():
        setattr(record, name, value)
    return record


def without(name, record):
    """A record whose translated `name` is empty in every language."""
    return altered(record, **{f"{name}_en": "", f"{name}_zh_hans": ""})


def in_itself(name, record):
    return altered(record, **{name: record})


def copy_of(record, *names):
    """Another record that repeats `names` of `record`."""
    other = make(type(record))
    return altered(other, **{name: getattr(record, name) for name in names})


def with_cover_picture():
    return factories.conference(
        hero_image=factories.picture(), hero_image_alt_en="The lake at dawn", hero_image_alt_zh_hans="清晨的湖"
    )


def session_and_conference(make_record):
    return altered(make_record(session=factories.session(), conference=None), conference=factories.conference())


def quantity_violations(prefix, make_record, field):
    """The violations of `quantity_rules`."""

    def with_columns(**columns):
        return lambda: altered(make_record(), **{f"{field}_{name}": value for name, value in columns.items()})

    return {
        f"{prefix}_{field}_range_ends_above_its_start": with_columns(value=Decimal(15), value_to=Decimal(10)),
        f"{prefix}_{field}_range_has_no_qualifier": with_columns(
            value=Decimal(10), value_to=Decimal(15), comparator="<"
        ),
        f"{prefix}_{field}_qualifier_is_known": with_columns(value=Decimal(10), comparator="~"),
    }


def citation_violations():
    return {
        f"{model._meta.model_name}_is_made_once": lambda model=model: copy_of(make(model), "record", "source")
        for model in citation_models()
    }


def correction_violations():
    """What the rules of every correction refuse."""

    def of(model, **changes):
        return lambda: altered(make(model), **changes)

    violations = {}
    for model in correction_models():
        name = model._meta.model_name
        violations[f"{name}_gives_a_reason"] = lambda model=model: without("reason", make(model))
        violations[f"{name}_names_the_old_value"] = of(model, old_value="")
        violations[f"{name}_is_recorded_once"] = lambda model=model: copy_of(make(model), "record")
        violations[f"{name}_withdraws_once"] = lambda model=model: altered(
            copy_of(make(model, kind="withdrawal"), "record", "kind"), made_on=date(2025, 5, 4)
        )
    return violations


VIOLATIONS = {
    # portal
    "source_has_a_title": lambda: without("title", factories.source()),
    "source_has_a_publisher": lambda: without("publisher", factories.source()),
    "redirect_has_an_old_address": lambda: altered(factories.redirect(), old_path=""),
    "redirect_leads_elsewhere": lambda: altered(factories.redirect(), old_path="news"),
    # companies
    "sector_has_a_name": lambda: without("name", factories.sector()),
    "sector_is_not_a_branch_of_itself": lambda: in_itself("parent", factories.sector()),
    "place_has_a_name": lambda: without("name", factories.place()),
    "place_is_not_part_of_itself": lambda: in_itself("part_of", factories.place()),
    "place_has_both_coordinates_or_none": lambda: altered(factories.place(), latitude=Decimal("31.4")),
    **quantity_violations("place", factories.place, "area"),
    "organization_has_a_name": lambda: without("name", factories.organization()),
    "organization_is_not_its_own_parent": lambda: in_itself("parent", factories.organization()),
    "organization_country_is_two_capitals": lambda: altered(factories.organization(), country="cn"),
    "organization_logo_focus_is_inside": lambda: altered(factories.organization(), logo_focus_y=101),
    "identifier_belongs_to_one_organization": lambda: copy_of(factories.identifier(), "scheme", "value"),
    "identifier_has_a_number": lambda: altered(factories.identifier(), value=""),
    "presence_is_recorded_once": lambda: copy_of(factories.presence(), "organization", "place", "kind"),
    "presence_ends_after_it_begins": lambda: altered(
        factories.presence(since="2021-05"), until=PartialDate(2021, 4, 30)
    ),
    "indicator_has_a_name": lambda: without("name", factories.indicator()),
    "indicator_has_a_currency_when_it_is_money": lambda: altered(factories.indicator(), measure="money"),
    "observation_is_recorded_once": lambda: copy_of(factories.observation(), "indicator", "period"),
    "observation_has_one_preferred_value_per_period": lambda: altered(
        copy_of(factories.observation(rank="preferred"), "indicator", "period", "rank"), quantity=Quantity(Decimal(99))
    ),
    "observation_has_a_period": lambda: altered(factories.observation(), period=None),
    "observation_span_ends_after_it_begins": lambda: altered(
        factories.observation(period="2021-05"), period_until=PartialDate(2021, 4)
    ),
    **quantity_violations("observation", factories.observation, "quantity"),
    # events: conferences
    "series_has_a_name": lambda: without("name", factories.series()),
    "conference_has_a_title": lambda: without("title", factories.conference()),
    "conference_has_a_start": lambda: altered(factories.conference(), starts_on=None),
    "conference_ends_after_it_starts": lambda: altered(
        factories.conference(starts_on="2024-11-15"), ends_on=PartialDate(2024, 11, 14)
    ),
    "conference_is_not_part_of_itself": lambda: in_itself("part_of", factories.conference()),
    "conference_says_what_its_picture_shows": lambda: altered(with_cover_picture(), hero_image_alt_zh_hans=""),
    "conference_hero_image_focus_is_inside": lambda: altered(factories.conference(), hero_image_focus_x=101),
    "conference_role_is_listed_once": lambda: copy_of(
        factories.conference_role(), "conference", "organization", "role"
    ),
    "session_has_a_title": lambda: without("title", factories.session()),
    "session_slug_is_unique_within_its_conference": lambda: copy_of(factories.session(), "conference", "slug"),
    "session_time_needs_a_day": lambda: altered(factories.session(), starts_at=time(9)),
    "session_ends_after_it_starts": lambda: altered(
        factories.session(day="2024-11-15", starts_at=time(10)), ends_at=time(9)
    ),
    # events: speakers
    "speaker_has_a_name": lambda: without("name", factories.speaker()),
    "speaker_portrait_focus_is_inside": lambda: altered(factories.speaker(), portrait_focus_y=101),
    "appearance_is_at_a_session_or_a_conference": lambda: session_and_conference(factories.appearance),
    "appearance_is_somewhere": lambda: altered(factories.appearance(), session=None),
    "appearance_at_a_session_is_listed_once": lambda: copy_of(factories.appearance(), "speaker", "session", "role"),
    "appearance_at_a_conference_is_listed_once": lambda: copy_of(
        factories.appearance(conference=factories.conference()), "speaker", "session", "conference", "role"
    ),
    # events: agreements
    "agreement_has_a_title": lambda: without("title", factories.agreement()),
    "agreement_with_a_batch_size_is_a_batch": lambda: altered(
        factories.agreement(), batch_size=Quantity(Decimal(26)), is_batch=False
    ),
    **quantity_violations("agreement", lambda: factories.agreement(is_batch=True), "batch_size"),
    "party_is_an_organization_or_a_name": lambda: altered(factories.party(), name_en="DiaSorin"),
    "party_share_is_a_percentage": lambda: altered(factories.party(), share=Decimal("100.1")),
    "party_is_listed_once_per_role": lambda: copy_of(factories.party(), "agreement", "organization", "role"),
    "named_party_is_listed_once_per_role": lambda: copy_of(
        factories.party(name_en="DiaSorin"), "agreement", "organization", "name_en", "role"
    ),
    "signing_is_at_a_session_or_a_conference": lambda: session_and_conference(factories.signing),
    "signing_has_a_date_or_a_stage": lambda: altered(factories.signing(), signed_on=None, conference=None),
    "signing_at_a_session_is_recorded_once": lambda: copy_of(
        factories.signing(session=factories.session()), "agreement", "session", "conference"
    ),
    "signing_at_a_conference_is_recorded_once": lambda: copy_of(factories.signing(), "agreement", "conference"),
    "signing_away_from_a_stage_is_recorded_once": lambda: copy_of(
        factories.signing(conference=None), "agreement", "conference", "signed_on"
    ),
    "amount_is_recorded_once_per_kind_and_currency": lambda: copy_of(factories.amount(), "agreement"),
    "amount_currency_is_three_capitals": lambda: altered(factories.amount(), currency="cny"),
    "amount_is_above_zero": lambda: altered(factories.amount(), quantity=Quantity(Decimal(0))),
    **quantity_violations("amount", factories.amount, "quantity"),
    "relation_is_recorded_once": lambda: copy_of(factories.relation(), "agreement", "kind", "to"),
    "relation_is_to_another_agreement": lambda: (lambda relation: altered(relation, to=relation.agreement))(
        factories.relation()
    ),
    # events: projects, announcements, media, enquiries
    "project_has_a_title": lambda: without("title", factories.project()),
    "milestone_has_a_date": lambda: altered(factories.milestone(), due_on=None, met_on=None),
    "milestone_is_recorded_once": lambda: copy_of(factories.milestone(), "project", "kind", "due_on", "met_on"),
    "announcement_has_a_title": lambda: without("title", factories.announcement()),
    "announcement_has_a_date": lambda: altered(factories.announcement(), announced_on=None),
    "announcement_is_at_a_session_or_a_conference": lambda: session_and_conference(factories.announcement),
    "document_has_a_title": lambda: without("title", factories.document()),
    "photo_has_alt_en": lambda: altered(factories.photo(), alt_en=""),
    "photo_has_alt_zh_hans": lambda: altered(factories.photo(), alt_zh_hans=""),
    "photo_image_focus_is_inside": lambda: altered(factories.photo(), image_focus_x=101),
    "enquiry_is_answered_with_an_outcome": lambda: altered(factories.enquiry(), outcome=Enquiry.Outcome.ANSWERED),
    "enquiry_is_due_after_it_came_in": lambda: (
        lambda enquiry: altered(enquiry, due_at=enquiry.received_at - timedelta(days=1))
    )(factories.enquiry()),
    "enquiry_has_a_message_until_it_is_erased": lambda: altered(factories.enquiry(), message=""),
    "enquiry_that_was_erased_holds_nothing_personal": lambda: altered(factories.enquiry(), erased_at=clock.now()),
    "reply_template_has_a_subject": lambda: without("subject", factories.reply_template()),
    "reply_template_has_a_text": lambda: without("text", factories.reply_template()),
    **citation_violations(),
    **correction_violations(),
}

# Where the field itself refuses the value first, in a form the editor sees its message; the rule stands for imports.
REFUSED_BY_THE_FIELD = {
    "redirect_has_an_old_address": "old_path",
    "conference_has_a_start": "starts_on",
    "observation_has_a_period": "period",
    "announcement_has_a_date": "announced_on",
    "identifier_has_a_number": "value",
    "place_area_qualifier_is_known": "area_comparator",
    "observation_quantity_qualifier_is_known": "quantity_comparator",
    "agreement_batch_size_qualifier_is_known": "batch_size_comparator",
    "amount_quantity_qualifier_is_known": "quantity_comparator",
}


def errors_of(validate):
    with pytest.raises(ValidationError) as refusal:
        validate()
    return refusal.value.message_dict


def refusal_of_the_database(model, constraint):
    """The words in which the database names a broken constraint (SQLite: the columns of a unique one)."""
    if isinstance(constraint, models.CheckConstraint):
        return {
            "sqlite": f"CHECK constraint failed: {constraint.name}",
            "postgresql": f'violates check constraint "{constraint.name}"',
        }[connection.vendor]
    columns = [model._meta.get_field(name).column for name in constraint.fields]
    return {
        "sqlite": "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{column}" for column in columns),
        "postgresql": f'violates unique constraint "{constraint.name}"',
    }[connection.vendor]


every_constraint = pytest.mark.parametrize("name", CONSTRAINTS)


def test_every_constraint_has_an_example_of_what_it_refuses():
    assert sorted(VIOLATIONS) == sorted(CONSTRAINTS)


@every_constraint
def test_a_constraint_is_named_in_words(name):
    assert re.fullmatch(r"[a-z]+(_[a-z]+){2,}", name)


@every_constraint
def test_a_constraint_speaks_to_the_editor_in_a_sentence(name):
    _model, constraint = CONSTRAINTS[name]
    message = constraint.violation_error_message

    assert isinstance(message, Promise), "it can be translated"
    assert message != models.BaseConstraint.default_violation_error_message
    assert re.fullmatch(r"[A-Z].+\.", str(message))


@every_constraint
def test_the_editor_reads_the_message_of_the_broken_rule_and_no_other(name):
    _model, constraint = CONSTRAINTS[name]
    record = VIOLATIONS[name]()

    errors = errors_of(record.validate_constraints)

    assert errors == {NON_FIELD_ERRORS: [str(constraint.violation_error_message)]}


@every_constraint
def test_full_validation_refuses_what_breaks_the_rule(name):
    _model, constraint = CONSTRAINTS[name]
    record = VIOLATIONS[name]()

    errors = errors_of(record.full_clean)

    if name in REFUSED_BY_THE_FIELD:
        assert list(errors) == [REFUSED_BY_THE_FIELD[name]]
    else:
        assert errors == {NON_FIELD_ERRORS: [str(constraint.violation_error_message)]}


@every_constraint
def test_the_database_refuses_what_breaks_the_rule(name):
    model, constraint = CONSTRAINTS[name]
    record = VIOLATIONS[name]()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        record.save()

    assert refusal_of_the_database(model, constraint) in str(refusal.value)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_record_that_breaks_no_rule_is_accepted(model):
    record = make(model)

    record.full_clean()
    record.save()

    assert model.objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize(
    "model", [model for model in MODELS if issubclass(model, NaturalKey)], ids=lambda model: model._meta.label
)
def test_a_unique_rule_stands_behind_every_natural_key(model):
    named = {path.split("__")[0] for path in model.key_paths()}

    rules = [{field.name} for field in model._meta.fields if field.unique and not field.primary_key]
    rules += [set(rule.fields) for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]

    assert any(rule <= named for rule in rules)
