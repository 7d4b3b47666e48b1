"""Constraints that are worked out in memory say what the database would say."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Upper

from companies.models import Observation, Organization
from events.models import AgreementParty, Amount
from portal.desk.importing.resources import KINDS
from portal.desk.importing.rules import as_function, broken_rules, errors_of, key_of, repeated_rule, unique_rules
from portal.fields import PartialDateField
from portal.partial_dates import PartialDate
from portal.quantities import Quantity
from tests.factories import make, observation, organization, party

pytestmark = pytest.mark.django_db

MODELS = list(dict.fromkeys(model for resource in KINDS.values() for model in resource.written()))
ODD_VALUES = {
    PartialDateField: [None, PartialDate(1999), PartialDate(2024, 11, 16)],
    models.CharField: ["", "xx", "CN", "preferred"],
    models.DecimalField: [None, Decimal(-1), Decimal(7)],
    models.TimeField: [None, time(9, 30)],
    models.DateField: [None, date(2024, 11, 15)],
    models.BooleanField: [True, False],
}


def odd_values_of(field):
    return next((values for kind, values in ODD_VALUES.items() if isinstance(field, kind)), [])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_check_says_what_the_database_says(model):
    record, fields = make(model), model._meta.concrete_fields
    checks = [rule.condition for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]

    for condition in checks:
        function = as_function(condition, model)
        for field in (field for field in fields if f"'{field.name}" in repr(condition)):
            before = getattr(record, field.attname)
            for value in odd_values_of(field):
                setattr(record, field.attname, value)
                stored = {each.name: Value(getattr(record, each.attname), each) for each in fields}
                assert (function(record) is not False) == condition.check(stored), (field, value)
            setattr(record, field.attname, before)


def test_a_condition_that_is_not_known_here_is_asked_of_the_database():
    is_loud = as_function(Q(name_en=Upper("name_en")), Organization)

    assert (is_loud(organization(name_en="ACME")), is_loud(organization(name_en="Acme"))) == (True, False)


def test_a_broken_check_speaks_in_the_words_of_its_constraint():
    assert broken_rules(Amount(currency="cny", quantity_value=Decimal(1))) == [
        "Write the currency as three capital letters: CNY, USD, EUR."
    ]


def test_a_relation_that_is_needed_and_missing_is_an_error():
    assert errors_of(Observation(period=PartialDate(2024), quantity_value=Decimal(1))) == {
        "indicator": ["This cannot be empty."]
    }


def test_absent_partial_dates_are_equal_to_one_another_as_they_are_in_the_database():
    first = observation()
    second = observation(indicator=first.indicator, quantity=Quantity(Decimal(429)), rank="preferred")
    [every, preferred] = unique_rules(Observation)

    assert key_of(every, first)[1:4] == key_of(every, second)[1:4] == ("2024", "", False)
    assert (key_of(preferred, first), key_of(preferred, second)[1:]) == (None, ("2024", "", False))


def test_two_records_beneath_one_cannot_be_the_same():
    one = party(role="investor")
    same = AgreementParty(agreement=one.agreement, organization=one.organization, role="investor")
    other = AgreementParty(agreement=one.agreement, organization=one.organization, role="lender")

    assert repeated_rule(AgreementParty, [one, other], "agreement") == ""
    assert (
        repeated_rule(AgreementParty, [one, same], "agreement") == "This organization is already listed in this role."
    )
