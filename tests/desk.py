"""Filling in the forms of the staff desk as a browser would send them."""

from django import forms


def form_of(response) -> dict:
    """What the browser would send if somebody pressed "Save" on this page without touching anything."""
    context = response.context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    pages = [context["adminform"].form]
    for formset in formsets:
        pages += [formset.management_form, *formset.forms]
    return {name: value for form in pages for field in form for name, value in _sent(field)}


def add_row(form, response, prefix, **values):
    """Press "Add another" under the records `prefix` and fill in `values`."""
    formset = next(each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == prefix)
    number = int(form[f"{prefix}-TOTAL_FORMS"])
    form[f"{prefix}-TOTAL_FORMS"] = number + 1
    blank = {name: value for field in formset.empty_form for name, value in _sent(field)}
    form |= {name.replace("__prefix__", str(number)): value for name, value in blank.items()}
    form |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def _sent(bound):
    widget, value = bound.field.widget, bound.value()
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else widget.decompress(value)  # a list once it was sent
        return [(f"{bound.html_name}_{n}", part or "") for n, part in enumerate(parts)]
    if isinstance(bound.field, forms.FileField):  # a browser sends a file only when it was just chosen
        return []
    if not value and isinstance(bound.field, (forms.BooleanField, forms.ModelMultipleChoiceField)):
        return []
    return [(bound.html_name, "" if value is None else value)]


def latest_changes(response) -> list[str]:
    """The facts that the newest save on a page of a history changed."""
    newest = response.context["page"].object_list[0]
    return [change.fact.label for told in newest.told for change in told.changes]
