"""The pages of an import: a preview first, then everything or nothing, and for nobody else."""

import os
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from companies.importing import CompanyResource
from companies.models import Organization
from portal.desk.importing import kept
from portal.desk.importing.resources import KINDS
from portal.desk.importing.sheets import read_sheet
from tests.factories import organization, place, presence
from tests.sheets import csv_file, exampleland_companies, xlsx_file

pytestmark = pytest.mark.django_db

IMPORT = "admin:companies_organization_import"


def upload(client, *rows, name="companies.csv", content=None, **values):
    file = SimpleUploadedFile(name, content or csv_file(*rows))
    return client.post(reverse(IMPORT), {"sheet": file, **values})


def confirm(client, preview):
    return client.post(reverse(IMPORT), {"ticket": preview.context["ticket"]}, follow=True)


def sheets_kept(settings):
    folder = Path(settings.MEDIA_ROOT).parent / "imports"
    return sorted(folder.iterdir()) if folder.exists() else []


# --- Preview and import -----------------------------------------------------------------------------------------------


def test_a_sheet_is_shown_first_and_imported_then(admin_client, settings):
    preview = upload(admin_client, *exampleland_companies(20, wrong=0))
    shown = preview.content.decode()
    assert "Import these 20 rows" in shown
    assert "Exampleland Amber Biologics Works" in shown
    assert Organization.objects.count() == 0

    done = confirm(admin_client, preview)

    assert [str(message) for message in done.context["messages"]] == ["20 records were added."]
    assert Organization.objects.drafts().count() == 20
    assert sheets_kept(settings) == []


def test_with_one_error_nothing_can_be_imported_and_every_error_has_its_row_and_column(admin_client, settings):
    preview = upload(admin_client, content=xlsx_file(*exampleland_companies()), name="companies.xlsx")

    shown = preview.content.decode()
    outcome = preview.context["outcome"]
    assert (outcome.new, outcome.wrong) == (397, 3)
    assert [entry.number for entry in outcome.wrong_rows] == [58, 214, 319]
    assert "Nothing can be imported while 3 rows have errors." in shown
    assert "… and 197 more rows." in shown
    assert "ticket" not in preview.context
    assert sheets_kept(settings) == []


def test_a_change_is_shown_before_and_after(admin_client):
    organization(slug="acme", country="CN")

    shown = upload(admin_client, ["slug", "country"], ["acme", "IT"]).content.decode()

    assert "<del>CN</del>" in shown
    assert "<ins>IT</ins>" in shown


def test_a_sheet_that_changes_nothing_says_so(admin_client):
    organization(slug="acme", country="CN")

    preview = upload(admin_client, ["slug", "country"], ["acme", "CN"])

    assert "This sheet would change nothing." in preview.content.decode()


def test_what_is_no_longer_what_was_shown_is_shown_again(admin_client):
    acme = organization(slug="acme", country="CN")
    preview = upload(admin_client, ["slug", "country"], ["acme", "IT"])
    Organization.objects.filter(pk=acme.pk).update(country="DE")

    again = confirm(admin_client, preview)

    assert "Somebody has changed records since you looked." in again.content.decode()
    acme.refresh_from_db()
    assert acme.country == "DE"
    confirm(admin_client, again)
    acme.refresh_from_db()
    assert acme.country == "IT"


def test_a_sheet_is_imported_once(admin_client):
    preview = upload(admin_client, ["name_en"], ["Acme"])
    confirm(admin_client, preview)

    second = confirm(admin_client, preview)

    assert (second.status_code, Organization.objects.count()) == (422, 1)
    assert "This preview is no longer there." in second.content.decode()


def test_a_refused_file_says_why_in_the_language_of_the_editor(admin_client):
    with translation.override("zh-hans"):
        admin_client.cookies["django_language"] = "zh-hans"
        response = upload(admin_client, content=b"", name="空.csv")

    assert response.status_code == 422
    assert "空.csv" in response.content.decode()


@pytest.mark.parametrize("values", [{}, {"ticket": "forged"}, {"ticket": ""}, {"token": "../../x"}])
def test_a_request_without_a_sheet_is_refused(admin_client, values):
    assert admin_client.post(reverse(IMPORT), values).status_code == 422


def test_what_a_sheet_says_is_text_and_no_markup(admin_client):
    shown = upload(admin_client, ["name_en", "kind"], ["<script>1</script>", "<b>"]).content.decode()

    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "<script>1" not in shown


# --- Whose it is ------------------------------------------------------------------------------------------------------


def staff(django_user_model, name, rights=()):
    user = django_user_model.objects.create_user(name, is_staff=True)
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


@pytest.mark.parametrize("missing", CompanyResource.rights())
def test_an_import_needs_every_right_to_what_it_writes(client, django_user_model, missing):
    client.force_login(
        staff(django_user_model, "ling", [right for right in CompanyResource.rights() if right != missing])
    )

    assert client.get(reverse(IMPORT)).status_code == 403
    assert upload(client, ["name_en"], ["Acme"]).status_code == 403
    assert client.get(reverse("admin:companies_organization_import_template")).status_code == 403


def test_nobody_imports_what_somebody_else_has_uploaded(admin_client, client, django_user_model):
    preview = upload(admin_client, ["name_en"], ["Acme"])
    client.force_login(staff(django_user_model, "ling", CompanyResource.rights()))

    response = confirm(client, preview)

    assert (response.status_code, Organization.objects.count()) == (403, 0)


def test_a_preview_of_companies_is_no_import_of_anything_else(admin_client):
    preview = upload(admin_client, ["name_en"], ["Acme"])

    response = admin_client.post(reverse("admin:events_session_import"), {"ticket": preview.context["ticket"]})

    assert response.status_code == 403


def test_a_sheet_lies_in_a_private_folder_and_not_for_long(admin_client, settings):
    upload(admin_client, ["name_en"], ["Acme"])
    [old] = sheets_kept(settings)
    assert old.stat().st_mode & 0o077 == 0
    assert Path(settings.MEDIA_ROOT) not in old.parents
    os.utime(old, (time.time() - kept.HOUR - 1,) * 2)

    upload(admin_client, ["name_en"], ["Other"])

    assert old not in sheets_kept(settings)


def test_progress_is_told_to_its_owner_alone(admin_client, client, django_user_model):
    token = kept.new_token()
    upload(admin_client, ["name_en"], ["Acme"], token=token)
    client.force_login(staff(django_user_model, "ling", CompanyResource.rights()))
    address = reverse("admin:companies_organization_import_progress", args=[token])

    assert admin_client.get(address).json() == {"phase": "check", "done": 1, "total": 1, "words": "1 of 1 rows checked"}
    assert client.get(address).json() == {"words": ""}


# --- Export -----------------------------------------------------------------------------------------------------------


def export(client, file_format="csv", **filters):
    return client.get(reverse("admin:companies_organization_export", args=[file_format]), filters)


def test_an_export_has_the_records_of_the_filtered_list(admin_client):
    organization(slug="acme", kind="company")
    organization(slug="uni", kind="university")

    response = export(admin_client, kind__exact="university")

    sheet = read_sheet(response.content, "a.csv", CompanyResource.headings().knows)
    assert [cells[0] for _number, cells in sheet.rows] == ["uni"]
    assert response["Content-Disposition"].startswith('attachment; filename="companies-')


def test_an_export_needs_the_right_to_see_the_list(client, django_user_model):
    client.force_login(staff(django_user_model, "ling", ["events.view_session"]))

    assert export(client).status_code == 403


@pytest.mark.parametrize("filters", [{"pk__regex": "("}, {"nonsense": "1"}])
def test_an_export_of_a_nonsensical_list_is_a_bad_request(admin_client, filters):
    assert export(admin_client, **filters).status_code == 400


def test_there_is_no_third_format(admin_client):
    assert export(admin_client, "exe").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_leads_to_its_import_its_exports_and_its_template(admin_client, kind):
    presence(organization=organization(), place=place())
    names = f"admin:{KINDS[kind].model()._meta.app_label}_{KINDS[kind].model()._meta.model_name}"

    page = admin_client.get(reverse(f"{names}_changelist")).content.decode()

    assert reverse(f"{names}_import") in page
    assert admin_client.get(reverse(f"{names}_import")).status_code == 200
    assert admin_client.get(reverse(f"{names}_import_template")).status_code == 200
    assert admin_client.get(reverse(f"{names}_export", args=["xlsx"])).status_code == 200


# --- From the command line --------------------------------------------------------------------------------------------


def test_the_command_imports_a_file_and_says_what_it_did(tmp_path, capsys):
    file = tmp_path / "companies.csv"
    file.write_bytes(csv_file(["name_en"], ["Acme"]))

    call_command("import_sheet", "companies", file, "--dry-run")
    assert Organization.objects.count() == 0
    call_command("import_sheet", "companies", file)

    assert Organization.objects.get().slug == "acme"
    assert "1 new, 0 changed, 0 unchanged, 0 with errors." in capsys.readouterr().out


def test_the_command_says_what_is_wrong_and_writes_nothing(tmp_path, capsys):
    file = tmp_path / "companies.csv"
    file.write_bytes(csv_file(["name_en", "kind"], ["Acme", ""], ["Other", "compny"]))

    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_sheet", "companies", file)

    assert "row 3, kind: “compny” cannot be chosen here." in capsys.readouterr().err
    assert Organization.objects.count() == 0
