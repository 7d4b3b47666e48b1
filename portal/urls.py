"""The root of all addresses. It names the apps as strings and imports neither."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from portal import correction_pages, security_contact, views
from portal.api import views as api
from portal.covers import CARD, WIDE
from portal.desk import previews

handler400 = "portal.error_pages.bad_request"
handler403 = "portal.error_pages.permission_denied"
handler404 = "portal.error_pages.page_not_found"
handler500 = "portal.error_pages.server_error"

pages = [
    path("sources/", views.source_list, name="sources"),
    path("sources/<slug:slug>/", views.source_detail, name="source"),
    path("corrections/", correction_pages.correction_list, name="corrections"),
    path("corrections/feed.<feed_format:file_format>", correction_pages.correction_feed, name="correction_feed"),
    path("data/", views.about_the_data, name="about_the_data"),
    path("data/method/", views.method, name="method"),
    path("data/api/", api.api_guide, name="api_guide"),
    path("data/<slug:kind>/", api.dataset_guide, name="dataset_guide"),
    path("<slug:name>.<download_format:file_format>", api.dataset_download, name="dataset_download"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
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
    path("robots.txt", views.robots, name="robots"),
    path(security_contact.PATH, security_contact.security_txt, name="security_txt"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    re_path(r"^sitemaps/(?P<kind>[a-z_]+)-(?P<number>[1-9][0-9]{0,5})\.xml$", views.sitemap, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.apple_touch_icon, name="apple_touch_icon"),
    path("icons/<slug:name>.png", views.icon, name="icon"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", views.upload, name="upload"),
    path("", include("portal.api.urls")),
    *i18n_patterns(
        path("", include("events.urls")),
        path("", include("companies.urls")),
        path("", include((pages, "portal"))),
    ),
]
