"""Guards of all data that is handed out: nothing in it is private, and the API is what it says it is."""

import io
from collections import Counter
from datetime import UTC, date, datetime
from zipfile import ZipFile, is_zipfile

import pytest
import schemathesis
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, models
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded_by
from schemathesis.specs.openapi.checks import positive_data_acceptance

from events.models import Enquiry, ReplyTemplate
from portal.api import package
from portal.api.resources import all_resources
from portal.corrections import Correction
from portal.downloads.responses import CONTENT_TYPES
from portal.models import Source
from portal.provenance import Citation
from portal.publishing import Publishable, PublishedWith
from portal.wsgi import application
from tests import factories
from tests.test_guards_pages import build_site

pytestmark = pytest.mark.django_db

OURS = ("portal", "companies", "events")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]
LATER = datetime(2999, 1, 1, tzinfo=UTC)
few = bounded_by(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SECRET, SECRET_DAY = "zzsecret", date(2031, 7, 7)


# --- What could leak --------------------------------------------------------------------------------------------------


def secrets_of(model):
    """A text that nobody may read in every column of `model` that takes one."""
    texts = {}
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        if is_text and field.editable and (not field.max_length or field.max_length >= 40):
            if isinstance(field, models.URLField):
                texts[field.name] = f"https://{SECRET}.example/"
            elif not isinstance(field, models.FileField) and field.name not in NOT_FREE:
                texts[field.name] = f"{SECRET}-{model.__name__.lower()}"
    return texts


NOT_FREE = ("fact", "timezone", "sending", "reference", "quantity_words", "area_words", "batch_size_words", "path")


def parents_of(model):
    """The foreign keys of `model` to what is published, that it hangs on and that it does not."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, Publishable):
            yield field, field.name in getattr(model, "published_with", ())


def hidden(model, word=""):
    """Records of `model` that no visitor may see, each for another reason."""
    secrets = other(secrets_of(model), word.lower())
    if issubclass(model, Publishable):
        yield factories.make(model, published_at=None, **secrets)
        yield factories.make(model, published_at=LATER, **other(secrets, "later"))
        if hasattr(model, "corrections"):
            taken_back = factories.make(model, **other(secrets, "withdrawn"))
            factories.correct(taken_back, kind="withdrawal", reason_en=SECRET)
            yield taken_back
    if issubclass(model, (Citation, Correction)):
        yield factories.make(model, record=next(hidden(model.record_model(), word=model.__name__)), **known(model))
    if issubclass(model, Citation):
        record = factories.make(model.record_model())
        yield factories.make(model, record=record, source=rejected_source(), **known(model))
    for field, hides in parents_of(model):
        if hides and not issubclass(model, (Citation, Correction)):
            draft = factories.make(field.related_model, published_at=None, **named(field.related_model))
            also = {"session": None} if field.name == "conference" and hasattr(model, "session") else {}
            yield factories.make(model, **{field.name: draft}, **also, **nameless(model, other(secrets, field.name)))
    if model in PRIVATE:
        yield PRIVATE[model](secrets)


def known(model):
    return {name: text for name, text in secrets_of(model).items() if name != "old_value"}


def nameless(model, secrets):
    """A party is an organization or a name, not both."""
    return {} if model._meta.model_name == "agreementparty" else secrets


def other(secrets, word):
    """The same, with slugs of their own."""
    return {name: f"{text}-{word}" if "://" not in text else text for name, text in secrets.items()}


_numbers = iter(range(10_000))


def named(model):
    return other(secrets_of(model), next(_numbers))


def rejected_source():
    return factories.source(
        slug=f"{SECRET}-{next(_numbers)}", title_en=SECRET, publisher_en=SECRET, rejected_reason=SECRET
    )


def of_a_draft_agreement(secrets):
    sector = factories.sector(**secrets)
    factories.agreement(published_at=None).sectors.add(sector)
    return sector


def of_a_draft_organization(secrets):
    return factories.identifier(organization=factories.organization(published_at=None), **secrets)


def uncited(secrets):
    rejected_source()
    return factories.source(**secrets | {"language": "en", "rejected_reason": ""})


def by_nobody(secrets):
    model = apps.get_model("portal", "OutsideLink")
    return model.objects.create(url=f"https://{SECRET}.example/", problem=SECRET)


def failed(secrets):
    return apps.get_model("portal", "Run").objects.create(command=SECRET, began_at=LATER, problem=SECRET)


def moved(secrets):
    return apps.get_model("portal", "Redirect").objects.create(old_path=f"news/{SECRET}", new_path=f"news/{SECRET}-2")


# Models without a publication: how a record of each comes to be nobody's business.
PRIVATE = {
    Source: uncited,
    Enquiry: lambda secrets: factories.enquiry(message=SECRET, name=SECRET, email=f"{SECRET}@example.com"),
    ReplyTemplate: lambda secrets: factories.reply_template(name=SECRET, text_en=SECRET),
    **{
        apps.get_model(*name): make
        for name, make in {
            ("companies", "Sector"): of_a_draft_agreement,
            ("companies", "OrganizationIdentifier"): of_a_draft_organization,
            ("portal", "OutsideLink"): by_nobody,
            ("portal", "Redirect"): moved,
            ("portal", "Run"): failed,
        }.items()
    },
}


def public_records_that_name_hidden_ones():
    """A public record of each kind for every relation through which it could show something hidden."""
    for model in MODELS:
        if not issubclass(model, PublishedWith) or issubclass(model, (Citation, Correction)):
            continue
        for field, hides in parents_of(model):
            if not hides and field.null:
                secret = factories.make(field.related_model, published_at=None, **named(field.related_model))
                factories.make(model, **{field.name: secret})
        for field in model._meta.many_to_many:
            if field.remote_field.through._meta.auto_created and issubclass(field.related_model, Publishable):
                secret = factories.make(field.related_model, published_at=None, **named(field.related_model))
                getattr(factories.make(model), field.name).add(secret)


def addresses(client):
    """Every address at which data is handed out: lists, records, files, descriptions."""
    yield from ("/api/v1/", "/api/v1/openapi.json", "/api/v1/openapi.json?language=zh-Hans")
    yield from ("/data/portal.zip", "/data/datapackage.json", "/data/catalog.jsonld", "/data/events.jsonld")
    yield from ("/data/ocds/extension.json", "/data/ocds/release-schema.json")
    yield from (f"/data/{part.file_name}" for part in package.parts())
    for resource in all_resources():
        following = f"{resource.url}?limit=200"
        while following:
            path = following.removeprefix(settings.SITE_URL)
            yield path
            page = client.get(path).json()
            for record in page["data"]:
                yield "/".join([resource.path, *key_of(resource, record)])
            following = page["links"]["next"]
        yield f"{resource.path}?language=zh-Hans&limit=200"
        yield from (f"{resource.path}/{form.name}?limit=200" for form in resource.also)
        for code, _name in settings.LANGUAGES:
            yield f"/{code}/data/{resource.name}/"
            names = {resource.file_name or resource.name, resource.name if resource.name == "companies" else ""} - {""}
            yield from (f"/{code}/{name}.{ending}" for name in names for ending in CONTENT_TYPES)
    yield from (f"/{code}/data/{page}" for code, _name in settings.LANGUAGES for page in ("", "api/", "method/"))


def key_of(resource, record):
    return [record[name]["slug"] if isinstance(record[name], dict) else record[name] for name in resource.key]


def told_at(client, address):
    """Everything that an address says, also inside of archives and in the headers."""
    response = client.get(address)
    assert response.status_code == 200, address
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return f"{dict(response.headers)}{content.decode()}".lower()


def test_nothing_private_is_in_any_data(client):
    build_site(1)
    public = {record.slug for record in published("agreements")}
    user = get_user_model().objects.create_user(SECRET, email=f"{SECRET}@example.com", is_staff=True)
    made = {model: list(hidden(model)) for model in MODELS}
    public_records_that_name_hidden_ones()
    project = published("projects")[0]
    project.reviewed_on, project._history_user = SECRET_DAY, user
    project.save()
    source = published("sources")[0]
    source.unreachable_since = SECRET_DAY
    source.save()

    told = {address: told_at(client, address) for address in addresses(client)}

    assert [model._meta.label for model, records in made.items() if not records] == [], "a model is not covered"
    assert public
    assert all(any(slug in text for text in told.values()) for slug in public)
    assert [address for address, text in told.items() if SECRET in text] == []
    assert [address for address, text in told.items() if str(SECRET_DAY) in text] == []
    assert len(told) > 200


def published(name):
    return list(next(each for each in all_resources() if each.name == name).records())


@pytest.mark.parametrize("published_at", [None, LATER])
def test_the_address_of_a_hidden_record_is_no_address(client, published_at):
    for resource in all_resources():
        model = resource.records().model
        if issubclass(model, Publishable):
            record = factories.make(model, published_at=published_at)
            path = resource.address_of(record).removeprefix(settings.SITE_URL)
            assert client.get(path).status_code == 404, path


# --- What the API says of itself --------------------------------------------------------------------------------------


NAMES_OF_RECORDS = {"cursor"} | {
    each.name for resource in all_resources() for each in resource.filters if not each.choices
}
OPERATIONS = 22  # an index, ten lists, ten records, and one list in another form; not the description itself


@pytest.fixture
def one_transaction():
    """Requests to the program itself leave the transaction of the test open, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_answers_as_its_description_says(one_transaction):
    """Each with what it allows and with nonsense, against the program itself: status, type, headers and schema."""
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [each.ok() for each in schema.get_all_operations()]

    asked = Counter()
    for operation in operations:
        for mode in schemathesis.GenerationMode:
            ask(operation, mode, asked)

    assert len(operations) == OPERATIONS
    assert {status for status in asked if status >= 500} == set()
    assert min(asked[200], asked[400], asked[404]) > 15


def ask(operation, mode, asked):
    @few
    @given(case=operation.as_strategy(mode))
    def answers_as_described(case):
        # whether a cursor was given out, or a slug belongs to a record, no schema can say
        unsure = [positive_data_acceptance] if NAMES_OF_RECORDS & set(case.query or ()) else []
        response = case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=unsure)
        asked[response.status_code] += 1

    answers_as_described()
