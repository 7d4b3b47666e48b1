"""Redirects and outside links for the groups of the staff desk: all read them, publishers and administrators keep the
redirects, because a redirect is public at once."""

from importlib import import_module

from django.db import migrations

roles = import_module("events.migrations.0007_roles")

READ, KEPT = ("view_redirect", "view_outsidelink"), ("add_redirect", "change_redirect", "delete_redirect")


def give_rights(apps, schema_editor):
    roles.make_permissions(apps)
    rights = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="portal")
    for name in roles.ROLES:
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        if group is not None:  # an office may have done away with it
            keeps = name.startswith(("Publishers", "Administrators"))
            group.permissions.add(*rights.filter(codename__in=[*READ, *(KEPT if keeps else ())]))


class Migration(migrations.Migration):
    dependencies = [("events", "0007_roles"), ("portal", "0003_addresses")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
