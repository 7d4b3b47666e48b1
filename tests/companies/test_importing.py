"""Companies, presences and observations as sheets: what a row is about, what it does, what it must not do."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import translation

from companies.importing import CompanyResource, ObservationResource, PresenceResource
from companies.models import Observation, Organization, Presence
from portal.desk.importing.files import Export, csv_of
from portal.desk.importing.resources import KINDS
from portal.desk.importing.sheets import Refused, read_sheet
from portal.desk.importing.workbooks_out import workbook_of
from portal.desk.importing.writing import ChangedMeanwhile, write
from portal.partial_dates import PartialDate
from portal.quantities import Comparator, Quantity
from tests.factories import (
    cite,
    identifier,
    indicator,
    observation,
    organization,
    place,
    presence,
    sector,
    source,
)
from tests.sheets import changes_of, checked, imported, problems_of

pytestmark = pytest.mark.django_db


def editor(django_user_model, *rights, resource=CompanyResource):
    """A person with the rights of the resource and those besides."""
    user = django_user_model.objects.create_user("ling")
    for right in (*resource.rights(), *rights):
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


# --- Companies --------------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_draft_with_everything_that_it_says():
    biologics, report = sector(slug="biologics"), source(slug="report")

    imported(
        CompanyResource(),
        ["Name (English)", "中文名称", "类型", "Sectors", "统一社会信用代码", "stock code", "FOUNDED", "source"],
        ["Acme", "示例", "企业", "biologics", "９1310113MA1GK8B40X", "hkex 2591; SSE 688123", "2021年9月", "report"],
    )

    acme = Organization.objects.get()
    assert (acme.name_en, acme.name_zh_hans, acme.slug, acme.published_at) == ("Acme", "示例", "acme", None)
    assert acme.founded_on == PartialDate(2021, 9)
    assert [each.pk for each in acme.sectors.all()] == [biologics.pk]
    assert [(each.scheme, each.value) for each in acme.identifiers.all()] == [
        ("stock", "HKEX 2591"),
        ("stock", "SSE 688123"),
        ("usci", "91310113MA1GK8B40X"),
    ]
    assert [each.source for each in acme.citations.all()] == [report]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("slug", "acme"),
        ("stock", "hkex 2591"),
        ("name_en", "ACME"),
        ("名称（中文）", "示例"),
        ("legal_name", "示例有限公司"),
    ],
)
def test_a_row_is_about_the_company_with_its_slug_its_number_or_its_name(heading, text):
    acme = organization(slug="acme", name_en="Acme", name_zh_hans="示例", legal_name="示例有限公司", published_at=None)
    identifier(organization=acme, value="HKEX 2591")

    outcome = checked(CompanyResource(), [heading, "country"], [text, "IT"])

    assert (outcome.new, outcome.changed) == (0, 1)
    assert (2, "country", "CN", "IT") in changes_of(outcome)


def test_an_empty_cell_leaves_what_is_there_and_a_dash_removes_it():
    acme = organization(slug="acme", website="https://acme.example", legal_name="Acme Ltd")
    identifier(organization=acme, value="HKEX 2591")

    imported(CompanyResource(), ["slug", "website", "registered name", "stock code"], ["acme", "-", "", "（空）"])

    acme.refresh_from_db()
    assert (acme.website, acme.legal_name, acme.identifiers.count()) == ("", "Acme Ltd", 0)


def test_a_formatted_text_travels_as_its_words_and_keeps_its_format_while_they_stay():
    organization(slug="acme", description_en="<h3>Works</h3><p>It makes <strong>vaccines</strong>.</p>")
    rest = ["slug", "Description (English)"]

    unchanged = checked(CompanyResource(), rest, ["acme", "Works\n\nIt makes vaccines."])
    imported(CompanyResource(), rest, ["acme", "It makes <b>antibodies</b>."])

    assert changes_of(unchanged) == []
    assert Organization.objects.get().description_en == "<p>It makes <strong>antibodies</strong>.</p>"


def test_every_wrong_cell_of_every_row_is_named_at_once():
    organization(slug="acme-1", name_en="Acme")
    organization(slug="acme-2", name_en="Acme")
    sector(slug="biologics", name_en="Biologics")

    outcome = checked(
        CompanyResource(),
        ["name_en", "kind", "founded_on", "sectors", "country"],
        ["Acme", "", "", "", ""],
        ["New", "compny", "soon", "Biologicals", "cnn"],
        ["Fine", "company", "2021", "", "CN"],
    )

    assert (outcome.new, outcome.wrong, outcome.can_be_written) == (1, 2, False)
    assert problems_of(outcome) == [
        (2, "name_en", "Several records have this name. Write the slug of the one you mean: acme-1, acme-2."),
        (3, "kind", "“compny” cannot be chosen here. Did you mean company?"),
        (3, "sectors", "No sector is called “Biologicals”. Did you mean Biologics (biologics)?"),
        (
            3,
            "founded_on",
            "“soon” is not a date we can read. Write for example: 2021, 2021-09, 2021年9月, 2021-09-03.",
        ),
    ]


def test_a_broken_constraint_speaks_in_its_own_words():
    outcome = checked(CompanyResource(), ["slug", "country"], ["acme", "中国"])

    assert [message for *_cell, message in problems_of(outcome)] == [
        "Name the organization in at least one language.",
        "Write the country as two capital letters: CN, IT, DE.",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["acme", "", ""], ["acme", "", ""]], "This is the same record as in row 2. Keep one of the two rows."),
        ([["", "Acme", ""], ["", "ACME ", ""]], "This is the same record as in row 2. Keep one of the two rows."),
        ([["", "A", "SSE 1"], ["", "B", "sse 1"]], "This is the same record as in row 2. Keep one of the two rows."),
        ([["other", "", "HKEX 1"]], "The number in this row already belongs to Owner (owner)."),
    ],
)
def test_two_rows_are_never_about_one_company_and_no_number_about_two(rows, message):
    identifier(organization=organization(slug="owner", name_en="Owner"), value="HKEX 1")
    organization(slug="other")

    outcome = checked(CompanyResource(), ["slug", "name_en", "stock"], *rows)

    assert problems_of(outcome)[-1][2] == message


def test_a_new_slug_for_a_name_that_is_known_is_pointed_out():
    organization(slug="acme", name_en="Acme")

    outcome = checked(CompanyResource(), ["slug", "name_en"], ["acme-shanghai", "Acme"])

    assert outcome.new == 1
    assert outcome.rows[0].notices == ["Acme (acme) has this name already. This row adds another record."]


def test_sources_are_added_and_never_removed_and_a_rejected_one_is_refused():
    acme = organization(slug="acme")
    cite(acme, source(slug="old"))
    source(slug="new")
    source(slug="fake", rejected_reason="a copy")

    refused = checked(CompanyResource(), ["slug", "source"], ["acme", "fake"])
    imported(CompanyResource(), ["slug", "source"], ["acme", "new"])

    assert problems_of(refused) == [(2, "source", "This source was rejected: a copy")]
    assert [each.source.slug for each in acme.citations.order_by("pk")] == ["old", "new"]


def test_what_is_public_is_changed_by_publishers_alone(django_user_model):
    organization(slug="acme")
    rows = [["slug", "country"], ["acme", "IT"]]
    user = editor(django_user_model)

    outcome = checked(CompanyResource(user), *rows)
    user.user_permissions.add(Permission.objects.get(codename="publish"))
    as_publisher = checked(CompanyResource(django_user_model.objects.get(pk=user.pk)), *rows)

    assert problems_of(outcome) == [
        (2, None, "This record is public, or will be without anybody's doing. Ask a publisher to change it.")
    ]
    assert as_publisher.changed == 1


def test_a_row_that_says_what_is_recorded_needs_no_right_and_changes_nothing(django_user_model):
    organization(slug="acme", country="CN")

    outcome = checked(CompanyResource(editor(django_user_model)), ["slug", "country"], ["acme", "CN"])

    assert (outcome.unchanged, outcome.wrong, outcome.can_be_written) == (1, 0, False)


def test_an_import_leaves_histories_and_entries_in_the_log(django_user_model):
    user = editor(django_user_model)
    organization(slug="acme", published_at=None)

    imported(CompanyResource(user), ["slug", "name_en", "stock"], ["acme", "Acme", ""], ["", "Other", "HKEX 1"])

    assert list(LogEntry.objects.order_by("action_flag").values_list("action_flag", "change_message")) == [
        (ADDITION, "Import of sheet.csv"),
        (CHANGE, "Import of sheet.csv"),
    ]
    newest = {name: Organization.objects.get(name_en=name).history.first() for name in ("Acme", "Other")}
    assert [(row.history_type, row.history_user, row.history_change_reason) for row in newest.values()] == [
        ("~", user, "Import of sheet.csv"),
        ("+", user, "Import of sheet.csv"),
    ]
    assert Organization.objects.get(name_en="Other").identifiers.get().history.get().history_type == "+"


def test_nothing_is_written_when_somebody_has_changed_a_record_meanwhile():
    acme = organization(slug="acme", name_en="Acme", country="CN")
    resource = CompanyResource()
    outcome = checked(resource, ["slug", "name_en", "country"], ["acme", "", "IT"], ["", "New", ""])
    Organization.objects.filter(pk=acme.pk).update(legal_name="Acme Ltd")

    with pytest.raises(ChangedMeanwhile):
        write(resource, outcome, "sheet.csv")

    acme.refresh_from_db()
    assert (acme.country, acme.legal_name, Organization.objects.count()) == ("CN", "Acme Ltd", 1)


def test_nothing_is_written_when_somebody_has_added_the_same_meanwhile():
    resource = CompanyResource()
    outcome = checked(resource, ["name_en"], ["First"], ["Acme"])
    organization(slug="acme")

    with pytest.raises(ChangedMeanwhile):
        write(resource, outcome, "sheet.csv")

    assert [each.slug for each in Organization.objects.all()] == ["acme"]


@pytest.mark.parametrize(
    ("headings", "reason"),
    [
        (["slug", "nmae (English)"], "“nmae (English)” (did you mean “name (English)”?)"),
        (["slug", "Slug "], "Two columns are called “Slug”"),
        (["slug", "名称（中文）", "中文名称"], "Two columns are called “中文名称”"),
    ],
)
def test_headings_that_are_not_understood_are_refused(headings, reason):
    with pytest.raises(Refused) as refused:
        checked(CompanyResource(), headings, ["acme"] * len(headings))

    assert reason in str(refused.value)


def test_a_heading_may_be_in_two_languages_and_one_that_begins_with_a_number_sign_is_left_out():
    outcome = checked(CompanyResource(), ["English name / 英文名称", "# 备注"], ["Acme", "call them"])

    assert changes_of(outcome) == [(2, "name_en", "", "Acme")]


def test_ten_rows_and_a_hundred_are_checked_with_as_many_queries(django_assert_num_queries):
    def rows(number):
        return [["name_en", "sectors"], *(["Acme " + "x" * n, "biologics"] for n in range(number))]

    sector(slug="biologics")
    organization(name_en="Acme x")
    with django_assert_num_queries(8) as few:
        checked(CompanyResource(), *rows(10))

    with django_assert_num_queries(len(few)):
        checked(CompanyResource(), *rows(100))


# --- Presences --------------------------------------------------------------------------------------------------------


def test_a_presence_is_found_by_organization_place_and_kind():
    known = presence(
        organization=organization(name_en="Acme"), place=place(name_zh_hans="美兰湖"), kind="branch", since="2020"
    )

    outcome = imported(
        PresenceResource(),
        ["organization", "place", "kind", "since"],
        ["Acme", "美兰湖", "branch or site", "Sep 2021"],
        ["Acme", "美兰湖", "headquarters", "2019"],
    )

    assert changes_of(outcome)[0] == (2, "since", "2020", "2021-09")
    assert [(each.pk == known.pk, str(each.since)) for each in Presence.objects.order_by("pk")] == [
        (True, "2021-09"),
        (False, "2019"),
    ]


def test_a_presence_without_its_place_is_an_error():
    organization(name_en="Acme")

    outcome = checked(PresenceResource(), ["organization", "kind"], ["Acme", "planned"])

    assert problems_of(outcome) == [(2, "place", "This cannot be empty.")]


def test_a_new_presence_of_what_is_public_would_be_public_at_once(django_user_model):
    organization(slug="acme")
    organization(slug="draft", published_at=None)
    place(slug="park")
    user = editor(django_user_model, resource=PresenceResource)

    outcome = checked(
        PresenceResource(user),
        ["organization", "place", "kind"],
        ["acme", "park", "planned"],
        ["draft", "park", "planned"],
    )

    assert [row for row, *_rest in problems_of(outcome)] == [2]


# --- Observations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quantity", "words"),
    [
        ("428", Quantity(Decimal(428)), ""),
        ("超过70家", Quantity(Decimal(70), Comparator.MORE), "超过70家"),
        ("近400家", Quantity(Decimal(400), Comparator.LESS, approximate=True), "近400家"),
        ("１０－１５", Quantity(Decimal(10), value_to=Decimal(15)), "１０－１５"),
    ],
)
def test_a_value_is_read_as_it_is_typed_and_its_words_are_kept(text, quantity, words):
    indicator(slug="companies")

    imported(ObservationResource(), ["indicator", "period", "value"], ["companies", "2021年9月", text])

    found = Observation.objects.get()
    assert (found.quantity, found.quantity_words, str(found.period)) == (quantity, words, "2021-09")


def test_another_value_for_the_same_period_stands_beside_the_first():
    first = observation(indicator=indicator(slug="companies"), period="2024", quantity=Quantity(Decimal(428)))

    same = checked(ObservationResource(), ["indicator", "period", "value"], ["companies", "2024", "428"])
    imported(ObservationResource(), ["indicator", "period", "value"], ["companies", "2024", "430"])

    assert same.unchanged == 1
    assert [each.quantity.value for each in first.indicator.observations.order_by("pk")] == [428, 430]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["三四百家", ""], ("value", "“三四百家” is not a number")),
        (["", "许多家"], ("value_as_published", "write the number in “value”")),
        (["428", "超过430家"], ("value_as_published", "The words say something else than the number")),
        (["100 USD", ""], ("value", "This names the currency USD, but none is recorded for it")),
        (["-", ""], ("value", "This cannot be empty")),
    ],
)
def test_a_value_that_is_not_clear_is_an_error(cells, problem):
    indicator(slug="companies")

    outcome = checked(
        ObservationResource(),
        ["indicator", "period", "value", "value: as published"],
        ["companies", "2024", *cells],
    )

    [(_row, column, message)] = problems_of(outcome)
    assert column == problem[0]
    assert problem[1] in message


def test_there_is_one_preferred_value_for_a_period_also_within_a_sheet():
    indicator(slug="companies")

    outcome = checked(
        ObservationResource(),
        ["indicator", "period", "value", "rank"],
        ["companies", "2024", "428", "preferred"],
        ["companies", "2024", "430", "preferred"],
    )

    assert problems_of(outcome) == [(3, None, "Another observation of this period is already the preferred one.")]


def test_what_is_no_longer_preferred_makes_room_for_another_in_the_same_sheet():
    followed = indicator(slug="companies")
    observation(indicator=followed, quantity=Quantity(Decimal(428)), rank="preferred", published_at=None)

    imported(
        ObservationResource(),
        ["indicator", "period", "value", "rank"],
        ["companies", "2024", "428", "normal"],
        ["companies", "2024", "430", "preferred"],
    )

    assert list(followed.observations.order_by("pk").values_list("rank", flat=True)) == ["normal", "preferred"]


# --- There and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "file_format"), [("en", "xlsx"), ("zh-hans", "csv")])
def test_every_export_of_the_fixtures_imports_without_a_change(language, file_format):
    call_command("loaddata", "district", "meilan_lake", "exampleland", verbosity=0)

    for kind, resource in KINDS.items():
        with translation.override(language):
            export = Export(resource(), resource.model().objects.all())
            content = (
                csv_of(export.columns, export.rows())
                if file_format == "csv"
                else (workbook_of(resource, export.columns, export.rows()).read())
            )
            outcome = resource().check(read_sheet(content, f"{kind}.{file_format}", resource.headings().knows))

        assert (problems_of(outcome), changes_of(outcome)) == ([], [])
        assert outcome.unchanged == resource.model().objects.count() > 0


def test_what_would_be_a_formula_is_none_in_an_export_and_comes_back_as_it_was():
    organization(slug="acme", name_en="=HYPERLINK(1)", summary_en="+1 @2")

    export = Export(CompanyResource(), Organization.objects.all())
    content = csv_of(export.columns, export.rows())
    outcome = CompanyResource().check(read_sheet(content, "a.csv", CompanyResource.headings().knows))

    assert "'=HYPERLINK(1)" in content.decode()
    assert outcome.unchanged == 1


def test_an_empty_template_is_made_for_every_kind_with_headings_that_are_understood():
    for resource in KINDS.values():
        content = workbook_of(resource, resource.columns(), []).read()

        with pytest.raises(Refused, match="no rows under them"):
            read_sheet(content, "template.xlsx", resource.headings().knows)
        assert len(resource.columns()) <= 100
