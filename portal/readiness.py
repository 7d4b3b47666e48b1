"""What a record needs before it can be public: few things, each with a reason that an editor can act on.

Every public record needs a usable source (`portal.provenance`) and must not have been withdrawn. A model adds its own
needs in `required_to_publish`: the name of a translated text that must be there in every language, or of rows beneath
the record of which there must be one.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext as _
from translated_fields import show_language_code, to_attribute

from portal.provenance import usable_source_condition
from portal.publishing import withdrawn_condition


@dataclass(frozen=True)
class Need:
    """One need: the condition under which a row has it, and what to tell the editor of a row that has not."""

    condition: Q
    reason: str


def needs_of(model) -> list[Need]:
    """Everything a row of `model` needs to be public, in the order in which an editor would fill it in."""
    stored = {field.name for field in model._meta.concrete_fields}
    needs = []
    for name in model.required_to_publish:
        if to_attribute(name, settings.LANGUAGES[0][0]) in stored:
            needs += _in_every_language(model, name)
        else:
            needs.append(_at_least_one(model, name))
    if hasattr(model, "citations"):
        needs.append(Need(usable_source_condition(model), _("it has no usable source")))
    if hasattr(model, "corrections"):
        needs.append(Need(~withdrawn_condition(model), _("it was withdrawn")))
    return needs


def _in_every_language(model, name):
    for code, language in settings.LANGUAGES:
        column = to_attribute(name, code)
        with show_language_code(False):
            fact = str(model._meta.get_field(column).verbose_name)
        reason = _("%(fact)s is missing in %(language)s") % {"fact": fact, "language": language}
        yield Need(~Q(**{column: ""}), reason)


def _at_least_one(model, name):
    rows = model._meta.get_field(name).related_model
    link = model._meta.get_field(name).field.name
    reason = _("it has no %(rows)s") % {"rows": rows._meta.verbose_name_plural}
    return Need(Q(Exists(rows.objects.filter(**{link: OuterRef("pk")}))), reason)


def ready_condition(model) -> Q:
    """The condition that rows of `model` have everything they need to be public."""
    condition = Q()
    for need in needs_of(model):
        condition &= need.condition
    return condition


def reasons_against(records) -> dict[int, list[str]]:
    """Why each of `records` (a QuerySet) cannot be public: its key with what it lacks, in words. Those that lack
    nothing are left out. One query."""
    needs = needs_of(records.model)
    lacks = {
        f"lacks_{n}": Case(When(need.condition, then=Value(0)), default=Value(1), output_field=IntegerField())
        for n, need in enumerate(needs)
    }
    if not needs:
        return {}
    rows = records.order_by().annotate(**lacks).values_list("pk", *lacks)
    found = {pk: [need.reason for need, lack in zip(needs, lacking, strict=True) if lack] for pk, *lacking in rows}
    return {pk: reasons for pk, reasons in found.items() if reasons}
