from django.urls import path

from events import views

app_name = "events"

urlpatterns = [
    path("", views.home, name="home"),
    path("conferences/", views.conference_list, name="conferences"),
    path("conferences/<slug:slug>/", views.conference_detail, name="conference"),
    path("conferences/<slug:slug>/programme/", views.conference_programme, name="conference_programme"),
    path("conferences/<slug:slug>/speakers/", views.conference_speakers, name="conference_speakers"),
    path("conferences/<slug:slug>/agreements/", views.conference_agreements, name="conference_agreements"),
    path("conferences/<slug:slug>/news/", views.conference_news, name="conference_news"),
    path("conferences/<slug:conference_slug>/sessions/<slug:slug>/", views.session_detail, name="session"),
    path("speakers/<slug:slug>/", views.speaker_detail, name="speaker"),
    path("agreements/", views.agreement_list, name="agreements"),
    path("agreements.<str:file_format>", views.agreement_download, name="agreement_download"),
    path("agreements/<slug:slug>/", views.agreement_detail, name="agreement"),
    path("projects/", views.project_list, name="projects"),
    path("projects.<str:file_format>", views.project_download, name="project_download"),
    path("promises/", views.promise_list, name="promises"),
    path("promises.ics", views.promise_calendar, name="promise_calendar"),
    path("projects/<slug:slug>/", views.project_detail, name="project"),
    path("news/", views.announcement_list, name="news"),
    path("news/<slug:slug>/", views.announcement_detail, name="announcement"),
]
