"""Django's `loaddata`, which leaves an entry in the history of every record that it made or changed."""

from pathlib import Path

from django.core.management.commands import loaddata

from portal.history.entries import LOADED, record_differences
from portal.natural_keys import NaturalKey
from portal.revisions import UidField


class Command(loaddata.Command):
    def loaddata(self, fixture_labels):
        """Called inside the transaction of the whole load, so that there are either both or none."""
        self.loaded_records = {}
        super().loaddata(fixture_labels)
        for file_name, records in self.loaded_records.items():
            record_differences(records, LOADED % file_name)

    def load_label(self, fixture_label):
        self.label = fixture_label
        super().load_label(fixture_label)

    def save_obj(self, obj):
        obj.object.skip_history_when_saving = True  # its many-to-many relations would leave entries without a reason
        for field in obj.object._meta.concrete_fields:
            if isinstance(field, UidField):
                field.keep(obj.object)
        is_saved = super().save_obj(obj)
        if is_saved and isinstance(obj.object, NaturalKey):
            self.loaded_records.setdefault(self._file_name(), []).append(obj.object)
        return is_saved

    def _file_name(self) -> str:
        file, *_where = self.find_fixtures(self.label)[0]
        return "standard input" if file == loaddata.READ_STDIN else Path(file).name
