"""The root of all addresses. It names the apps as strings and imports neither."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from portal import views
from portal.covers import CARD, WIDE
from portal.desk import previews

handler400 = "portal.error_pages.bad_request"
handler403 = "portal.error_pages.permission_denied"
handler404 = "portal.error_pages.page_not_found"
handler500 = "portal.error_pages.server_error"

pages = [
    path("sources/", views.source_list, name="sources"),
    path("sources/<slug:slug>/", views.source_detail, name="source"),
    path("data/", views.about_the_data, name="about_the_data"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("site.webmanifest", views.manifest, name="manifest"),
    re_path(r"^(?P<page>([-\w]+/)*)sharing\.png$", views.sharing_image, name="sharing_image"),
]

urlpatterns = [
    path(f"{settings.ADMIN_PATH}language/", set_language, name="set_language"),
    path(settings.ADMIN_PATH, include("portal.sign_in.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("preview/end/", previews.end, name="end_preview"),
    path("preview/<str:token>/", previews.open_shared, name="shared_preview"),
    path("covers/<slug:slug>.svg", views.cover_image, {"frame": WIDE}, name="cover"),
    path("covers/card/<slug:slug>.svg", views.cover_image, {"frame": CARD}, name="card_cover"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.apple_touch_icon, name="apple_touch_icon"),
    path("icons/<slug:name>.png", views.icon, name="icon"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", views.upload, name="upload"),
    *i18n_patterns(
        path("", include("events.urls")),
        path("", include("companies.urls")),
        path("", include((pages, "portal"))),
    ),
]
