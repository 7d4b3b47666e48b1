import uuid

from django.db import migrations, models

IDENTIFIED = ["agreement", "announcement", "conference", "milestone", "session"]


def identify(apps, schema_editor):
    """Gives the historical rows the identifier of their record; what was deleted has one of its own, so that it can be
    restored."""
    for name in IDENTIFIED:
        present = dict(apps.get_model("events", name)._base_manager.values_list("pk", "uid"))
        rows = apps.get_model("history", f"historical{name}")._base_manager
        for key in rows.order_by().values_list("id", flat=True).distinct():
            rows.filter(id=key).update(uid=present.get(key) or uuid.uuid4())


def uid(**state):
    return models.UUIDField(blank=True, db_index=True, editable=False, verbose_name="lasting identifier", **state)


class Migration(migrations.Migration):
    dependencies = [("history", "0003_addresses"), ("events", "0009_lasting_identifiers")]

    operations = [
        migrations.AddField(
            model_name="historicalconference",
            name="revision",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="Rises when a visitor's plan would change.",
                verbose_name="revision",
            ),
        ),
        migrations.AddField(
            model_name="historicalmilestone",
            name="revision",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Rises when another date is promised.", verbose_name="revision"
            ),
        ),
        *(migrations.AddField(f"historical{name}", "uid", uid(null=True)) for name in IDENTIFIED),
        migrations.RunPython(identify, migrations.RunPython.noop),
        *(migrations.AlterField(f"historical{name}", "uid", uid()) for name in IDENTIFIED),
    ]
