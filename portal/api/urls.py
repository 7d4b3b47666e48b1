"""The addresses of the data for programs: they carry no language."""

from django.urls import path

from portal import datasets
from portal.api import views
from portal.api.record_fields import ROOT

ROOT = ROOT.strip("/")

urlpatterns = [
    path(f"{ROOT}/", views.index, name="api"),
    path(f"{ROOT}/openapi.json", views.description, name="api_description"),
    path(f"{ROOT}/<slug:kind>", views.record_list, name="api_list"),
    path(f"{ROOT}/<slug:kind>/<path:key>", views.record_detail, name="api_record"),
    path("api/<path:path>", views.nothing_here),
    path("api/", views.nothing_here, {"path": ""}),
    path("data/<path:name>", datasets.data_file, name="data_file"),
]
