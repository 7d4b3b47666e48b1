"""The staff desk as a whole: every model has its place, and no address breaks it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from events.models import AgreementParty, AgreementRelation, Amount, ConferenceRole, Enquiry, Signing
from companies.models import OrganizationIdentifier
from portal.provenance import citation_models
from tests.factories import conference, make

UNDER_ANOTHER_RECORD = {
    AgreementParty,
    AgreementRelation,
    Amount,
    ConferenceRole,
    OrganizationIdentifier,
    Signing,
    *citation_models(),
}
OWN_MODELS = [model for model in apps.get_models() if model._meta.app_label in ("portal", "companies", "events")]
WITH_A_PAGE = [model for model in OWN_MODELS if model not in UNDER_ANOTHER_RECORD]

pytestmark = pytest.mark.django_db


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


QUERIES = {}


@pytest.mark.parametrize("model", WITH_A_PAGE)
def test_x(model, admin_client, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext
    from django.db import connection

    make(model)
    with CaptureQueriesContext(connection) as c:
        r = admin_client.get(address(model, "changelist"))
    assert r.status_code == 200
    one = len(c)
    for i in range(29):
        kw = {"period": str(1990 + i)} if model._meta.model_name == "observation" else {}
        make(model, **kw)
    with CaptureQueriesContext(connection) as c:
        r = admin_client.get(address(model, "changelist"))
    print("COUNT", model.__name__, one, len(c))
    obj = model.objects.first()
    r = admin_client.get(address(model, "change", obj.pk))
    assert r.status_code == 200
    if model is not Enquiry:
        r = admin_client.get(address(model, "add"))
        assert r.status_code == 200
