"""What can be asked of each address, found in the code, so that what is new is attacked as well."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib import admin

from companies.directory import Directory
from events.lists import NewsList, SessionList, SpeakerList
from events.register import ProjectList, Register
from portal.api.requests import OF_A_LIST
from portal.api.resources import all_resources

_READ = re.compile(r"""\bGET(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']""")
FILTERED = {  # pages by the list that they show
    "events:agreements": Register,
    "events:projects": ProjectList,
    "events:speakers": SpeakerList,
    "events:news": NewsList,
    "events:conference_programme": SessionList,
    "companies:companies": Directory,
    "events:agreement_download": Register,
    "events:totals_embed": Register,
    "companies:company_download": Directory,
}


def read_anywhere() -> list[str]:
    """The parameters that a view names."""
    folders = (Path(settings.BASE_DIR) / app for app in ("portal", "companies", "events"))
    texts = (path.read_text() for folder in folders for path in folder.rglob("*.py"))
    return sorted({name for text in texts for name in _READ.findall(text)})


def of_lists() -> dict[str, list[str]]:
    """The filters of each public list, by the name of its page."""
    return {name: [*each.NAMES, "page"] for name, each in FILTERED.items()}


def of_api() -> dict[str, list[str]]:
    """The parameters of each dataset, by its address."""
    return {each.path: [*(one.name for one in each.filters), *OF_A_LIST] for each in all_resources()}


def of_desk() -> dict[tuple[str, str], list[str]]:
    """The parameters of each list of the desk, by app and model: its filters, some lookups, and Django's own."""
    found = {}
    for model, desk in admin.site._registry.items():
        if model._meta.app_config not in apps.get_app_configs():
            continue
        filters = [getattr(each, "parameter_name", each) for each in desk.list_filter]
        plain = [each if isinstance(each, str) else each[0] for each in filters]
        names = ["q", "p", "o", "all", "e", "_to_field", "_popup", *plain, *(f"{each}__exact" for each in plain)]
        names += [
            "pk__in",
            "id__gte",
            "id__isnull",
            *(f"{desk.date_hierarchy}__year" for _ in [1] if desk.date_hierarchy),
        ]
        found[model._meta.app_label, model._meta.model_name] = names
    return found
