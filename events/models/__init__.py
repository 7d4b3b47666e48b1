from events.models.agreements import (
    Agreement,
    AgreementCitation,
    AgreementCorrection,
    Amount,
)
from events.models.announcements import Announcement, AnnouncementCitation, AnnouncementCorrection
from events.models.conferences import (
    Conference,
    ConferenceCitation,
    ConferenceCorrection,
    Series,
    SeriesCitation,
)
from events.models.enquiries import Enquiry
from events.models.media import Document, Photo
from events.models.parties import AgreementParty
from events.models.projects import (
    InvestmentProject,
    InvestmentProjectCitation,
    InvestmentProjectCorrection,
    Milestone,
    MilestoneCitation,
)
from events.models.relations import AgreementRelation
from events.models.reply_templates import ReplyTemplate
from events.models.roles import ConferenceRole
from events.models.sessions import Session, SessionCitation, SessionCorrection
from events.models.signings import Signing
from events.models.speakers import Appearance, AppearanceCitation, Speaker, SpeakerCitation, SpeakerCorrection

__all__ = [
    "Agreement",
    "AgreementCitation",
    "AgreementCorrection",
    "AgreementParty",
    "AgreementRelation",
    "Amount",
    "Announcement",
    "AnnouncementCitation",
    "AnnouncementCorrection",
    "Appearance",
    "AppearanceCitation",
    "Conference",
    "ConferenceCitation",
    "ConferenceCorrection",
    "ConferenceRole",
    "Document",
    "Enquiry",
    "InvestmentProject",
    "InvestmentProjectCitation",
    "InvestmentProjectCorrection",
    "Milestone",
    "MilestoneCitation",
    "Photo",
    "ReplyTemplate",
    "Series",
    "SeriesCitation",
    "Session",
    "SessionCitation",
    "SessionCorrection",
    "Signing",
    "Speaker",
    "SpeakerCitation",
    "SpeakerCorrection",
]
