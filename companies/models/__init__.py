from companies.models.indicators import (
    Indicator,
    IndicatorCitation,
    IndicatorCorrection,
    Observation,
    ObservationCitation,
    ObservationCorrection,
)
from companies.models.organizations import (
    Organization,
    OrganizationCitation,
    OrganizationCorrection,
    OrganizationIdentifier,
    Presence,
    PresenceCitation,
    Sector,
)
from companies.models.places import Place, PlaceCitation, PlaceCorrection

__all__ = [
    "Indicator",
    "IndicatorCitation",
    "IndicatorCorrection",
    "Observation",
    "ObservationCitation",
    "ObservationCorrection",
    "Organization",
    "OrganizationCitation",
    "OrganizationCorrection",
    "OrganizationIdentifier",
    "Place",
    "PlaceCitation",
    "PlaceCorrection",
    "Presence",
    "PresenceCitation",
    "Sector",
]
