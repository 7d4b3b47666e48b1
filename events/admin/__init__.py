"""The events at the staff desk, by the same subjects as the models."""

from events.admin import agreements, announcements, conferences, enquiries, media, projects, speakers  # noqa: F401
