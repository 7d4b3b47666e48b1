"""Choosing at the staff desk what must stay in view where a picture is cropped: by clicking on the stored picture or by
the arrow keys on it; without JavaScript, by writing the two numbers under it."""

from django.contrib.admin.widgets import AdminFileWidget
from django.forms import Script
from django.template.loader import render_to_string


class PictureInput(AdminFileWidget):
    """The input for the file of a `PictureField`, with the stored picture under it."""

    class Media:
        js = [Script("admin_desk/focal_point.js", type="module")]

    def render(self, name, value, attrs=None, renderer=None):
        html = super().render(name, value, attrs, renderer)
        if self.is_initial(value):
            context = {"picture": value, "address": value.url_at(640), "input": (attrs or {}).get("id")}
            html += render_to_string("admin/focal_point.html", context)
        return html
