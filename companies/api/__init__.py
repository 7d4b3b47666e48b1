"""The district as data: organizations, places, indicators and their values (see `portal.api`)."""

from companies.api.indicators import INDICATORS
from companies.api.observations import OBSERVATIONS
from companies.api.organizations import COMPANIES
from companies.api.places import PLACES
from portal.api.resources import register

register(COMPANIES, PLACES, INDICATORS, OBSERVATIONS)
