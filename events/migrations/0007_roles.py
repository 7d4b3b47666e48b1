"""The four groups of the staff desk and what each may do; `docs/editing.md` says it in words.

They are made once. An administrator who gives or takes a right afterwards keeps that decision.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

CITED = {
    "companies": ["place", "indicator", "observation", "organization"],
    "events": ["conference", "session", "investmentproject", "agreement", "announcement", "speaker"],
}
WITH_CITATIONS = {
    "companies": [*CITED["companies"], "presence"],
    "events": [*CITED["events"], "series", "milestone", "appearance"],
}
RECORDS = {
    "portal": ["source"],
    "companies": [*WITH_CITATIONS["companies"], "organizationidentifier"],
    "events": [
        *WITH_CITATIONS["events"],
        *("agreementparty", "agreementrelation", "amount", "signing", "conferencerole", "document", "photo"),
    ],
}
CITATIONS = {app: [f"{model}citation" for model in models] for app, models in WITH_CITATIONS.items()}
CORRECTIONS = {app: [f"{model}correction" for model in models] for app, models in CITED.items()}
SECTORS = {"companies": ["sector"]}
ENQUIRIES, TEMPLATES = {"events": ["enquiry"]}, {"events": ["replytemplate"]}
PEOPLE, GROUPS = {"auth": ["user"]}, {"auth": ["group"]}
ATTEMPTS = {"axes": ["accessattempt"]}

EDIT, KEEP = ("view", "add", "change", "delete"), ("view", "change")
PREVIEW, PUBLISH = {"portal": ["preview"]}, {"portal": ["publish"]}
ERASE = {"events": ["erase_enquiry"]}

READS = [(("view",), each) for each in (RECORDS, CITATIONS, CORRECTIONS, SECTORS)] + [((), PREVIEW)]
WRITES = [*READS, *((EDIT, each) for each in (RECORDS, CITATIONS)), (KEEP, ENQUIRIES), (("view",), TEMPLATES)]
PUBLISHES = [*WRITES, *((EDIT, each) for each in (CORRECTIONS, SECTORS, TEMPLATES)), ((), PUBLISH)]
ADMINISTERS = [
    *PUBLISHES,
    (EDIT, PEOPLE),
    (("view",), GROUPS),
    (("view", "delete"), ATTEMPTS),
    ((), ERASE),
]

ROLES = {
    "Auditors · 审阅": READS,
    "Editors · 编辑": WRITES,
    "Publishers · 发布": PUBLISHES,
    "Administrators · 管理": ADMINISTERS,
}


def make_groups(apps, schema_editor):
    make_permissions(apps)
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    by_name = {
        (each.content_type.app_label, each.codename): each for each in Permission.objects.select_related("content_type")
    }
    for name, rights in ROLES.items():
        wanted = {
            (app, f"{verb}_{model}" if verb else model)
            for verbs, models in rights
            for app, names in models.items()
            for model in names
            for verb in verbs or ("",)
        }
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.add(*(by_name[right] for right in wanted))


def make_permissions(apps):
    """Django makes them only after the last migration."""
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
        ("companies", "0003_prose"),
        ("events", "0006_prose"),
        ("portal", "0002_desk"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
