"""What Django and other packages say at the staff desk and have no Chinese for in their own catalogs.

Named here, a message is in our catalog, and ours is read before theirs. Nothing imports this module; `make messages`
reads it. The few that Django's scripts say are in `djangojs.po`, which is written by hand.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

DJANGO = [
    gettext_noop("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    gettext_noop("Add link"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
    gettext_noop("Model name"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
]

IMPORT_EXPORT = [
    gettext_noop(
        "%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct format for the file."
    ),
    gettext_noop("No valid data to import. Ensure your file has the correct headers or data for import."),
    gettext_noop("The following fields are declared in 'import_id_fields' but are not present in the file headers: %s"),
    gettext_noop("Value could not be parsed."),
    gettext_noop("You must select an export format."),
    gettext_noop('Select at least 1 field for "%(resource_name)s" to export'),
    gettext_noop("Resource"),
    gettext_noop("Select all"),
    ngettext_lazy("Export %(len)s selected item.", "Export %(len)s selected items."),
]
