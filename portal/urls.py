"""The root of all addresses. It names the apps as strings and imports neither."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal import views

handler400 = "portal.error_pages.bad_request"
handler403 = "portal.error_pages.permission_denied"
handler404 = "portal.error_pages.page_not_found"
handler500 = "portal.error_pages.server_error"

pages = [
    path("sources/", views.source_list, name="sources"),
    path("sources/<slug:slug>/", views.source_detail, name="source"),
    path("data/", views.about_the_data, name="about_the_data"),
    path("accessibility/", views.accessibility, name="accessibility"),
]

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("covers/<slug:slug>.svg", views.cover_image, name="cover"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", views.upload, name="upload"),
    *i18n_patterns(
        path("", include("events.urls")),
        path("", include("companies.urls")),
        path("", include((pages, "portal"))),
    ),
]
