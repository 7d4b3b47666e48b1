"""Where pages of the desk are."""

from django.urls import reverse


def page_about(model, page, *args) -> str:
    """The address of a page about the records of `model`: changelist, import, history."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def form_of(record) -> str:
    """The address of the form in which `record` is changed."""
    return page_about(type(record), "change", record.pk)
