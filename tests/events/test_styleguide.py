"""The component page: every component in every state, for staff, and nothing of it remains."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from companies.models import Indicator, Organization, Place, Presence
from events.models import Agreement, Amount, Announcement, Appearance, Conference, Session
from events.stages import PROGRESS, Rung
from events.styleguide.catalogue import COMPONENTS
from events.styleguide.exampleland import exampleland, samples
from events.styleguide.specimens import can_stand_together
from portal import clock
from portal.corrections import Correction
from portal.models import Source
from portal.provenance import Citation
from portal.publishing import Publishable
from portal.quantities import Comparator

pytestmark = pytest.mark.django_db

PAGE = "/en/styleguide/"
OURS = ("portal", "companies", "events")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def staff(client, django_user_model):
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="preview"))  # the pictures are those of drafts
    client.force_login(editor)
    return client


def counts():
    return {model._meta.label: model.objects.count() for app in OURS for model in apps.get_app_config(app).get_models()}


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_every_component_is_there():
    on_disk = {path.stem for path in (settings.BASE_DIR / "templates" / "components").glob("*.html")}

    assert set(COMPONENTS) == on_disk


class Missing(str):
    """What Django puts where a variable is missing: it names itself when it is printed, and is nothing in a condition,
    so that a component may pass on what it may do without."""

    def __mod__(self, variable):
        return Nothing(f"MISSING {variable}")


class Nothing(str):
    def __bool__(self):
        return False


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_can_be_made_and_lacks_nothing(settings, language):
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": Missing("%s")}}]

    with translation.override(language), exampleland():
        made = {name: component.specimens for name, component in COMPONENTS.items()}

    assert [name for name, specimens in made.items() if not specimens] == []
    assert {name: re.findall(r"MISSING [\w.]+", "".join(each.html for each in made[name])) for name in made} == {
        name: [] for name in made
    }


def test_a_page_holds_no_name_twice(staff):
    of_the_page = ids(staff.get(PAGE).content.decode())

    twice = {}
    with exampleland():
        for name, component in COMPONENTS.items():
            specimens = component.specimens
            pages = [specimens] if can_stand_together(specimens) else [[each] for each in specimens]
            for page in pages:
                number = Counter(of_the_page + [each for specimen in page for each in ids(specimen.html)])
                twice |= {(name, each): number[each] for each in number if number[each] > 1}

    assert twice == {}


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_everything_that_a_component_can_be_given_is_given_in_some_state():
    with exampleland():
        never_given = {
            name: set(re.findall(r"<code>(\w+)</code>", component.contract))
            - {given for _state, context in component.states() for given in context}
            for name, component in COMPONENTS.items()
        }

    assert {name: missing for name, missing in never_given.items() if missing} == {
        "site_footer": {"site_name"},  # the page around a component gives it these
        "site_header": {"site_name", "languages"},
    }


# What each component is shown with, of everything that there is to choose from.
CHOICES = {
    "kinds of agreements": ("agreement_cards", lambda agreements, **_: [agreements[0].kind], Agreement.Kind.values),
    "kinds of amounts": (
        "agreement_cards",
        lambda agreements, **_: [amount.kind for amount in agreements[0].amounts.all()],
        Amount.Kind.values,
    ),
    "qualifiers of amounts": (
        "agreement_cards",
        lambda agreements, **_: [amount.quantity.comparator for amount in agreements[0].amounts.all()],
        list(Comparator),
    ),
    "progress of projects": ("project_card", lambda project: [project.progress], list(PROGRESS)),
    "steps of a ladder": ("ladder", lambda ladder, **_: [step.state for step in ladder.steps], Rung.values),
    "kinds of conferences": ("conference_card", lambda conference: [conference.kind], Conference.Kind.values),
    "states of conferences": (
        "conference_cover",
        lambda conference, **_: [conference.status],
        Conference.Status.values,
    ),
    "kinds of sessions": (
        "programme_item",
        lambda entries, **_: [each["kind"] for each in entries],
        Session.Kind.values,
    ),
    "states of sessions": (
        "programme_item",
        lambda entries, **_: [strip_tags(each["status"]) or "Confirmed" for each in entries],
        ["Confirmed", "Moved", "Cancelled"],
    ),
    "roles on stage": ("person_cards", lambda appearances, **_: [appearances[0].role], Appearance.Role.values),
    "ways of appearing": ("person_cards", lambda appearances, **_: [appearances[0].mode], Appearance.Mode.values),
    "kinds of news": ("announcement_card", lambda announcement: [announcement.kind], Announcement.Kind.values),
    "kinds of organizations": ("company_cards", lambda companies: [companies[0].kind], Organization.Kind.values),
    "kinds of presences": (
        "company_cards",
        lambda companies: [presence.kind for presence in companies[0].presences.all()],
        Presence.Kind.values,
    ),
    "kinds of places": ("place_card", lambda place: [place.kind], Place.Kind.values),
    "measures": ("figure", lambda observation, **_: [observation.indicator.measure], Indicator.Measure.values),
    "kinds of corrections": (
        "corrections",
        lambda corrections: [correction.kind for correction in corrections],
        [Correction.Kind.CORRECTION, Correction.Kind.UPDATE],
    ),
    "what sources say": (
        "bibliography",
        lambda bibliography: [quote.stance for entry in bibliography for quote in entry.quotes],
        Citation.Stance.values,
    ),
}


def test_nothing_that_there_is_to_choose_from_is_left_out():
    with exampleland():
        left_out = {
            what: set(choices) - {each for _state, context in COMPONENTS[name].states() for each in shown(**context)}
            for what, (name, shown, choices) in CHOICES.items()
        }

    assert {what: missing for what, missing in left_out.items() if missing} == {}


def test_the_page_of_a_component_says_what_it_is_and_shows_its_states(staff):
    html = staff.get(f"{PAGE}?component=place_card").content.decode()

    assert '<p class="lede">A place in a list. Needs <code>place</code>.</p>' in html
    assert html.count('<li class="place-card">') == len(Place.Kind) + 1


def test_states_that_would_share_a_name_have_pages_of_their_own(staff):
    first, second, no_number = (staff.get(f"{PAGE}?component=totals&state={number}") for number in ("1", "2", "x"))

    titles = ["The organizer's own total:" in each.content.decode() for each in (first, second, no_number)]
    assert titles == [False, True, False]
    assert [each.content.decode().count('id="totals-title"') for each in (first, second, no_number)] == [1, 1, 1]


def test_what_stands_around_every_page_is_shown_around_its_own(staff):
    html = staff.get(f"{PAGE}?component=site_footer").content.decode()

    assert html.count('<footer class="site-footer">') == 1
    assert "Responsible: Exampleland Office (invented)." in html


def test_a_component_that_does_not_exist_has_no_page(staff):
    assert staff.get(f"{PAGE}?component=no_such_thing").status_code == 404


def test_the_contents_name_every_component_and_every_colour(staff):
    html = staff.get(PAGE).content.decode()

    assert re.findall(r'href="\?component=(\w+)"', html) == sorted(COMPONENTS)
    assert '<rect width="120" height="48" fill="#fcfbf8"/><rect x="60" width="60" height="48" fill="#0b161b"/>' in html


# --- For whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_see_it_in_their_language_and_nobody_keeps_it(staff, language):
    with translation.override(language):
        response = staff.get(reverse("events:styleguide"))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert "canonical" not in response.content.decode()


@pytest.mark.parametrize("account", [None, {}, {"is_staff": True, "is_active": False}])
@pytest.mark.parametrize("query", ["", "?component=agreement_cards"])
def test_others_are_led_to_the_login_of_the_staff_desk(client, django_user_model, account, query):
    if account is not None:
        client.force_login(django_user_model.objects.create_user("visitor", **account))

    response = client.get(PAGE + query)

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("admin:login"))
    assert "no-store" in response["Cache-Control"]


def test_the_staff_desk_leads_there(client, admin_client):
    assert f'href="{PAGE}"' in admin_client.get(reverse("admin:index")).content.decode()


# --- Nothing remains --------------------------------------------------------------------------------------------------


def test_nothing_of_it_is_stored_beside_the_real_records(staff):
    call_command("loaddata", "district", "meilan_lake", verbosity=0)
    before = counts()

    response = staff.get(f"{PAGE}?component=agreement_cards")

    assert "Example joint venture" in response.content.decode()
    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_is_stored_where_it_is_the_only_transaction(staff):
    before = counts()

    staff.get(f"{PAGE}?component=conference_card")

    assert counts() == before


def test_nothing_of_it_is_stored_when_something_goes_wrong():
    before = counts()

    with pytest.raises(ZeroDivisionError), exampleland():
        1 / 0  # noqa: B018

    assert counts() == before
    assert clock.now().year < 2100


def test_its_pictures_are_drawn_once_and_can_be_seen(staff):
    staff.get(f"{PAGE}?component=gallery")
    first = stored_pictures()
    html = staff.get(f"{PAGE}?component=gallery").content.decode()

    addresses = set(re.findall(r"/media/photo/\w+(?:-\d+)?\.webp", html))
    assert stored_pictures() == first
    assert {staff.get(address)["Content-Type"] for address in addresses} == {"image/webp"}


def stored_pictures():
    folders, _files = default_storage.listdir("")
    return {folder: sorted(default_storage.listdir(folder)[1]) for folder in folders}


# --- Exampleland ------------------------------------------------------------------------------------------------------


def records_of_exampleland():
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            yield from model.objects.all()


def test_every_sample_passes_the_checks_of_its_form():
    with exampleland():
        for record in records_of_exampleland():
            record.full_clean()


def test_every_text_of_a_sample_says_that_it_is_invented():
    with exampleland():
        serious = [
            (record._meta.label, field.name, text)
            for record in records_of_exampleland()
            for field in record._meta.concrete_fields
            if getattr(field, "_translated_field_language_code", "") and (text := getattr(record, field.attname))
            if not re.search("xample|nvented|示例|虚构", text) and not field.name.startswith("unit")
        ]

    assert serious == []


def test_a_sample_that_is_loaded_by_mistake_is_seen_by_nobody():
    with exampleland(), clock.set_to(datetime(2099, 12, 31, tzinfo=UTC)):
        models = [model for model in apps.get_models() if issubclass(model, Publishable)]
        seen = [model._meta.label for model in models if model.objects.published().exists()]
        there = [model._meta.label for model in models if model.objects.exists()]

    assert (seen, len(there)) == ([], len(models))


def test_no_source_of_a_sample_leads_anywhere():
    with exampleland():
        addresses = [source.url for source in samples(Source.objects) if source.url]

    assert addresses == ["https://exampleland.example/original/"]
