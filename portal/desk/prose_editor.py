"""Writing prose texts at the staff desk: an editor with a small toolbar; without JavaScript, the text with its tags."""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.forms import Script
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.prose import LONGEST, LONGEST_READ, ProseField, as_html, storable


class ProseInput(AdminTextareaWidget):
    """The textarea of a `ProseField`. prose_editor.js puts the editor in its place and keeps it as what is sent."""

    class Media:
        css = {"all": ["admin_desk/prose_editor.css"]}
        js = [Script("admin_desk/prose_editor.js", type="module")]

    def __init__(self, attrs=None):
        super().__init__({"rows": 12, **(attrs or {}), "class": "vLargeTextField prose-input", "maxlength": LONGEST})

    def format_value(self, value):
        """The text as it would be stored; one that is refused, as its editor sent it."""
        value = super().format_value(value)
        try:
            return storable(value) if value else value
        except ValidationError:
            return value

    def render(self, name, value, attrs=None, renderer=None):
        context = {"longest": LONGEST, "longest_paste": LONGEST_READ}
        return super().render(name, value, attrs, renderer) + render_to_string("admin/prose_editor.html", context)


class ShowsProse:
    """Mixin for the admin of records: who may only read one sees its prose texts as visitors do, not their tags."""

    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        if record is not None and not self.has_change_permission(request, record):
            for field in record._meta.concrete_fields:
                if isinstance(field, ProseField) and (text := field.value_from_object(record)):
                    html = as_html(text, headings_from=3)
                    shown = format_html('<div class="prose">{}</div>', html)
                    setattr(record, field.attname, SafeString(shown.replace("\n", " ")))
        return record
