"""Long texts may have headings, lists and links now: what was plain becomes paragraphs. Taken back, they are plain."""

from django.db import migrations

from portal.prose import clean_prose, text_of

TEXTS = {
    "series": "description",
    "conference": "description",
    "session": "abstract",
    "announcement": "body",
    "speaker": "biography",
}


def rewrite(apps, connection, rewritten):
    for model, text in TEXTS.items():
        columns = (f"{text}_en", f"{text}_zh_hans")
        rows = apps.get_model("events", model)._base_manager.using(connection.alias)
        records = list(rows.only(*columns))
        for record in records:
            for column in columns:
                setattr(record, column, rewritten(getattr(record, column)))
        rows.bulk_update(records, columns, batch_size=100)


def into_paragraphs(apps, schema_editor):
    rewrite(apps, schema_editor.connection, clean_prose)


def into_plain_text(apps, schema_editor):
    rewrite(apps, schema_editor.connection, text_of)


class Migration(migrations.Migration):
    dependencies = [("events", "0005_enquiry_desk")]

    operations = [migrations.RunPython(into_paragraphs, into_plain_text, elidable=True)]
