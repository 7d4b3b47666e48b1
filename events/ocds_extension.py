"""What the portal adds to the Open Contracting Data Standard, in the form that the standard has for extensions."""

from events.models import Agreement, AgreementParty, AgreementRelation, Amount
from portal.addresses import absolute

NAME = "x_portal"
_TEXT = {"type": ["string", "null"]}
_BOOLEAN = {"type": ["boolean", "null"]}


def extension() -> dict:
    """`extension.json`."""
    return {
        "name": {"en": "Portal"},
        "description": {
            "en": "What sources say of a signed agreement and the standard has no field for: the roles of the parties, "
            "amounts with their qualifiers, dates known to the month or year, and how good the evidence of a step is."
        },
        "compatibility": ["1.1"],
        "schemas": ["release-schema.json"],
        "documentationUrl": {"en": absolute("/en/data/api/#ocds")},
    }


def release_schema() -> dict:
    """`release-schema.json`: what stands in `x_portal` of each part of a release."""
    return {
        "definitions": {
            "Organization": _with(
                roles=_list("The roles as the portal has them.", AgreementParty.Role),
                share=_said("The share of a joint venture, in percent.", {"type": ["number", "null"]}),
            ),
            "Contract": _with(
                kind=_code("What kind of paper it is.", Agreement.Kind),
                bindingness=_code("Whether it binds, as far as the sources say.", Agreement.Bindingness),
                dateSigned=_said("As exact as its sources: 2024, 2024-11 or 2024-11-15.", _TEXT),
                dateTerminated=_said("When it was ended, as exact as its sources.", _TEXT),
                amountDisclosed=_said("Whether any amount is stated. What is not is never zero.", _BOOLEAN),
                amounts={
                    "type": "array",
                    "description": "Every amount, with its kind, its currency and its qualifier.",
                    "items": {
                        "type": "object",
                        "properties": {
                            "kind": _code("What the money is for.", Amount.Kind),
                            "currency": _said("ISO 4217.", _TEXT),
                            "quantity": {
                                "type": "object",
                                "description": "Qualifier, lower and upper end, words, and the words of the source.",
                            },
                        },
                    },
                },
            ),
            "Milestone": _with(
                dueDate=_said("As exact as its sources: 2024, 2024-11 or 2024-11-15.", _TEXT),
                dateMet=_said("As exact as its sources: 2024, 2024-11 or 2024-11-15.", _TEXT),
                sufficientEvidence=_said("Whether its sources are good enough for the step to count.", _BOOLEAN),
                sources=_said("Identifiers of sources.", {"type": "array", "items": {"type": "string"}}),
            ),
            "Document": _with(
                source=_said("The identifier of the source.", _TEXT),
                stance=_said("Whether it states the fact, implies it or contradicts it.", _TEXT),
                fact=_said("The fact that it supports.", _TEXT),
                type=_said("What kind of source it is.", _TEXT),
            ),
            "RelatedProcess": _with(relation=_code("How the agreements stand to each other.", AgreementRelation.Kind)),
        }
    }


def _with(**properties) -> dict:
    known = {"title": "Portal", "description": "What the standard has no field for.", "type": "object"}
    return {"properties": {NAME: {**known, "properties": properties}}}


def _said(description, shape) -> dict:
    return {**shape, "description": description}


def _code(description, choices) -> dict:
    return _said(description, {"type": "string", "enum": choices.values})


def _list(description, choices) -> dict:
    return _said(description, {"type": "array", "items": {"type": "string", "enum": choices.values}})
