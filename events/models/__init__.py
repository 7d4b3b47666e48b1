from events.models.agreements import (
    Agreement,
    AgreementCitation,
    AgreementParty,
    AgreementRelation,
    Amount,
)
from events.models.announcements import Announcement, AnnouncementCitation
from events.models.conferences import (
    Conference,
    ConferenceCitation,
    ConferenceRole,
    Series,
    SeriesCitation,
)
from events.models.enquiries import Enquiry
from events.models.media import Document, Photo
from events.models.projects import (
    InvestmentProject,
    InvestmentProjectCitation,
    Milestone,
    MilestoneCitation,
)
from events.models.sessions import Session, SessionCitation
from events.models.signings import Signing
from events.models.speakers import Appearance, AppearanceCitation, Speaker, SpeakerCitation

__all__ = [
    "Agreement",
    "AgreementCitation",
    "AgreementParty",
    "AgreementRelation",
    "Amount",
    "Announcement",
    "AnnouncementCitation",
    "Appearance",
    "AppearanceCitation",
    "Conference",
    "ConferenceCitation",
    "ConferenceRole",
    "Document",
    "Enquiry",
    "InvestmentProject",
    "InvestmentProjectCitation",
    "Milestone",
    "MilestoneCitation",
    "Photo",
    "Series",
    "SeriesCitation",
    "Session",
    "SessionCitation",
    "Signing",
    "Speaker",
    "SpeakerCitation",
]
