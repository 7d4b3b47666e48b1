from companies.models.indicators import Indicator, IndicatorCitation, Observation, ObservationCitation
from companies.models.organizations import (
    Organization,
    OrganizationCitation,
    OrganizationIdentifier,
    Presence,
    PresenceCitation,
    Sector,
)
from companies.models.places import Place, PlaceCitation

__all__ = [
    "Indicator",
    "IndicatorCitation",
    "Observation",
    "ObservationCitation",
    "Organization",
    "OrganizationCitation",
    "OrganizationIdentifier",
    "Place",
    "PlaceCitation",
    "Presence",
    "PresenceCitation",
    "Sector",
]
