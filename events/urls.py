from django.urls import path

from events.styleguide.views import styleguide
from events.views import agreements, calendars, conferences, embeds, enquiries, feeds, front, programme

app_name = "events"

urlpatterns = [
    path("", front.home, name="home"),
    path("conferences/", conferences.conference_list, name="conferences"),
    path("conferences/<slug:slug>/", conferences.conference_detail, name="conference"),
    path("conferences/<slug:slug>/programme/", programme.conference_programme, name="conference_programme"),
    path("conferences/<slug:slug>/agenda/", programme.conference_agenda, name="conference_agenda"),
    path("conferences/<slug:slug>/agenda.ics", calendars.agenda_calendar, name="agenda_calendar"),
    path("conferences.ics", calendars.conferences_calendar, name="conferences_calendar"),
    path("conferences/<slug:slug>/changes/", feeds.conference_changes, name="conference_changes"),
    path("conferences/<slug:slug>/changes/feed.<feed_format:file_format>", feeds.change_feed, name="change_feed"),
    path(
        "conferences/<slug:slug>/schedule.xml", feeds.conference_schedule, {"file_format": "xml"}, name="schedule_xml"
    ),
    path(
        "conferences/<slug:slug>/schedule.json",
        feeds.conference_schedule,
        {"file_format": "json"},
        name="schedule_json",
    ),
    path("conferences/<slug:slug>.ics", calendars.conference_calendar, name="conference_calendar"),
    path("conferences/<slug:slug>/programme/<iso_date:day>.ics", calendars.day_calendar, name="day_calendar"),
    path("conferences/<slug:slug>/speakers/", conferences.conference_speakers, name="conference_speakers"),
    path("conferences/<slug:slug>/agreements/", conferences.conference_agreements, name="conference_agreements"),
    path("conferences/<slug:slug>/news/", conferences.conference_news, name="conference_news"),
    path("conferences/<slug:slug>/photos/", conferences.conference_photos, name="conference_photos"),
    path("conferences/<slug:slug>/documents/", conferences.conference_documents, name="conference_documents"),
    path("conferences/<slug:conference_slug>/sessions/<slug:slug>/", programme.session_detail, name="session"),
    path(
        "conferences/<slug:conference_slug>/sessions/<slug:slug>.ics",
        calendars.session_calendar,
        name="session_calendar",
    ),
    path("speakers/", conferences.speaker_list, name="speakers"),
    path("speakers/<slug:slug>/", conferences.speaker_detail, name="speaker"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements.<str:file_format>", agreements.agreement_download, name="agreement_download"),
    path("agreements/feed.<feed_format:file_format>", feeds.agreement_feed, name="agreement_feed"),
    path("agreements/<slug:slug>/", agreements.agreement_detail, name="agreement"),
    path("projects/", agreements.project_list, name="projects"),
    path("projects.<str:file_format>", agreements.project_download, name="project_download"),
    path("promises/", agreements.promise_list, name="promises"),
    path("promises.ics", calendars.promise_calendar, name="promise_calendar"),
    path("projects/<slug:slug>/", agreements.project_detail, name="project"),
    path("news/", front.announcement_list, name="news"),
    path("news/feed.<feed_format:file_format>", feeds.news_feed, name="news_feed"),
    path("news/<slug:slug>/", front.announcement_detail, name="announcement"),
    path("documents/", front.document_list, name="documents"),
    path("search/", front.search, name="search"),
    path("search/suggestions.json", front.search_suggestions, name="search_suggestions"),
    path("embed/conferences/<slug:slug>/programme/", embeds.programme, name="programme_embed"),
    path("embed/agreements/", embeds.totals, name="totals_embed"),
    path("enquiries/", enquiries.write, name="enquiries"),
    path("enquiries/<str:token>/", enquiries.receipt, name="enquiry_receipt"),
    path("styleguide/", styleguide, name="styleguide"),
]
