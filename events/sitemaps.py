"""Pages of conferences in the sitemap (`portal.sitemaps`), besides those of records: none that would be empty."""

from events.models import Announcement, Appearance, Conference, Document, Photo, Session, Signing
from portal.sitemaps import MOST_IMAGES, lists, pages

lists(
    "events:home",
    "events:conferences",
    "events:speakers",
    "events:agreements",
    "events:projects",
    "events:promises",
    "events:news",
    "events:documents",
    "events:enquiries",
)


def _of_conferences(view, rows, at=("conference", "session__conference")):
    """The pages `view` of the conferences that have any of the public `rows`."""
    pages(view, lambda: Conference.objects.published().with_some(rows(), at))


_of_conferences("events:conference_programme", Session.objects.published, at=("conference",))
_of_conferences("events:conference_changes", Session.objects.published, at=("conference",))
_of_conferences("events:conference_speakers", Appearance.objects.published)
_of_conferences("events:conference_agreements", Signing.objects.published)
_of_conferences("events:conference_news", Announcement.objects.published)
_of_conferences("events:conference_documents", Document.objects.published, at=("conference",))


def _photos(row):
    return [photo.image.url for photo in Photo.out_of(row["photo_rows"], conference=None)]


pages(
    "events:conference_photos",
    lambda: (
        Conference.objects.published().with_some(Photo.objects.published(), ("conference",)).with_photos(MOST_IMAGES)
    ),
    pictures=_photos,
    columns=("photo_rows",),
)
