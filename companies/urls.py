from django.urls import path

from companies import views

app_name = "companies"

urlpatterns = [
    path("companies/", views.company_list, name="companies"),
    path("companies.<download_format:file_format>", views.company_download, name="company_download"),
    path("companies/<slug:slug>/", views.company_detail, name="company"),
    path("district/", views.district, name="district"),
    path("district/<slug:slug>/", views.place_detail, name="place"),
    path("indicators/<slug:slug>/", views.indicator_detail, name="indicator"),
    path("indicators/<slug:slug>.<download_format:file_format>", views.indicator_download, name="indicator_download"),
]
