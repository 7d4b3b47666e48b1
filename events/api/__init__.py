"""What happened and what came of it as data (see `portal.api`), a module for each dataset."""

from events import ocds_extension
from events.api.agreements import AGREEMENTS
from events.api.conferences import CONFERENCES
from events.api.projects import PROJECTS
from events.api.sessions import SESSIONS
from events.api.speakers import SPEAKERS
from events.public_events import public_events
from portal.api.resources import register
from portal.datasets import register_document

register(CONFERENCES, SESSIONS, SPEAKERS, AGREEMENTS, PROJECTS)
register_document("events.jsonld", "application/ld+json; charset=utf-8", public_events)
register_document("ocds/extension.json", "application/json; charset=utf-8", ocds_extension.extension)
register_document("ocds/release-schema.json", "application/json; charset=utf-8", ocds_extension.release_schema)
