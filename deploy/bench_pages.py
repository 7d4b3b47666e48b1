"""The pages that `make bench` asks for, read off the database that DATABASE_URL names: for each its address, how many
queries it takes with nothing kept, and its bytes before compression, as JSON."""

import json
import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import connection  # noqa: E402 (the portal is there now)
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from companies.directory import Directory  # noqa: E402
from companies.models import Indicator, Organization  # noqa: E402
from events.models import Agreement, Conference, Session, Speaker  # noqa: E402


def addresses():
    """By name; a page that this database has nothing for is left out."""
    conference = Conference.objects.published().latest("starts_on").slug
    some_name = Organization.objects.published().first().name_en
    yield "home", reverse("events:home")
    yield "programme", reverse("events:conference_programme", args=[conference])
    yield "speakers", reverse("events:conference_speakers", args=[conference])
    yield "directory, filtered", f"{reverse('companies:companies')}?{first_filter()}"
    yield "agreements", reverse("events:agreements")
    yield "search", f"{reverse('events:search')}?q={some_name.split()[0]}"
    yield "conference", reverse("events:conference", args=[conference])
    models = {
        "session": Session,
        "speaker": Speaker,
        "agreement": Agreement,
        "company": Organization,
        "indicator": Indicator,
    }
    for name, model in models.items():
        record = model.objects.published().with_page().first()
        if record:
            yield name, record.get_absolute_url()


def first_filter() -> str:
    facets = Directory(QueryDict()).filters
    return next(choice.query for facet in facets for choice in facet.choices if choice.query)


def main():
    found, asked = {}, []

    def count(execute, *arguments):
        asked.append(1)
        return execute(*arguments)

    visitor = Client(SERVER_NAME="127.0.0.1")
    for name, address in addresses():
        visitor.get(address)  # the search catches up, SQL is written
        asked.clear()
        with connection.execute_wrapper(count):
            response = visitor.get(address)
        found[name] = [address, len(asked), len(response.content)]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
