import uuid

from django.db import migrations, models

IDENTIFIED = ["agreement", "announcement", "conference", "milestone", "session"]


def identify(apps, schema_editor):
    """Gives each record that is there already an identifier of its own: a default is asked once for all rows."""
    for name in IDENTIFIED:
        records = apps.get_model("events", name)._base_manager
        for key in records.values_list("pk", flat=True):
            records.filter(pk=key).update(uid=uuid.uuid4())


def uid(**state):
    return models.UUIDField(blank=True, editable=False, verbose_name="lasting identifier", **state)


class Migration(migrations.Migration):
    dependencies = [("events", "0008_roles_of_addresses")]

    operations = [
        migrations.AddField(
            model_name="conference",
            name="revision",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="Rises when a visitor's plan would change.",
                verbose_name="revision",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="revision",
            field=models.PositiveIntegerField(
                default=0, editable=False, help_text="Rises when another date is promised.", verbose_name="revision"
            ),
        ),
        *(migrations.AddField(model_name=name, name="uid", field=uid(null=True)) for name in IDENTIFIED),
        migrations.RunPython(identify, migrations.RunPython.noop),
        *(migrations.AlterField(model_name=name, name="uid", field=uid(unique=True)) for name in IDENTIFIED),
    ]
