"""Agreements and sessions as sheets: what stands beneath a record is in its row."""

from datetime import date, time
from decimal import Decimal

import pytest

from companies.models import Organization
from events.importing import AgreementResource, SessionResource
from events.models import Agreement, Appearance, Session, Signing, Speaker
from portal.quantities import Comparator, Quantity
from tests.factories import (
    agreement,
    amount,
    appearance,
    cite,
    conference,
    organization,
    party,
    session,
    signing,
    speaker,
)
from tests.sheets import changes_of, checked, imported, problems_of

pytestmark = pytest.mark.django_db


def parties_of(record):
    return [(str(each), each.role, each.position) for each in record.parties.order_by("position", "pk")]


def amounts_of(record):
    return [(each.kind, each.currency, each.quantity, each.quantity_words) for each in record.amounts.order_by("pk")]


# --- Agreements -------------------------------------------------------------------------------------------------------


def test_a_row_becomes_an_agreement_with_its_parties_its_amount_and_its_signing():
    organization(slug="acme", name_en="Acme")
    organization(name_zh_hans="宝山区人民政府")
    lake = conference(slug="lake-2024", title_zh_hans="美兰湖大会")

    imported(
        AgreementResource(),
        [
            *("标题（中文）", "kind", "signed on", "conference"),
            *("party 1", "role 1", "签约方2", "party_3", "role_3", "amount", "currency"),
        ],
        [
            *("生物药项目", "investment agreement", "2024-11-15", "美兰湖大会"),
            *("acme", "investor", "宝山区人民政府", "Example Bank | 示例银行", "lender", "超过100亿元", ""),
        ],
    )

    found = Agreement.objects.get()
    assert (found.slug, found.kind, found.published_at) == ("investment", "investment", None)
    assert [(str(each.signed_on), each.conference) for each in found.signings.all()] == [("2024-11-15", lake)]
    assert [(each.organization_id is None, each.name_en, each.role, each.position) for each in found.parties.all()] == [
        (False, "", "investor", 1),
        (False, "", "party", 2),
        (True, "Example Bank", "lender", 3),
    ]
    assert amounts_of(found) == [
        ("total_investment", "CNY", Quantity(Decimal(10_000_000_000), Comparator.MORE), "超过100亿元")
    ]


@pytest.mark.parametrize(
    ("cells", "after"),
    [
        (["", "", ""], [("A", "investor", 1), ("B", "party", 2)]),
        (["c", "", ""], [("C", "party", 1), ("B", "party", 2)]),
        (["", "-", ""], [("A", "investor", 1)]),
        (["", "", "c"], [("A", "investor", 1), ("B", "party", 2), ("C", "party", 3)]),
        (["b", "a", ""], [("B", "party", 1), ("A", "investor", 2)]),
        (["c", "a", "b"], [("C", "party", 1), ("A", "investor", 2), ("B", "party", 3)]),
    ],
)
def test_parties_are_left_replaced_removed_added_and_ordered(cells, after):
    for letter in "abc":
        organization(slug=letter, name_en=letter.upper(), name_zh_hans="")
    paper = agreement(slug="paper", published_at=None)
    for position, (slug, role) in enumerate([("a", "investor"), ("b", "party")], 1):
        party(agreement=paper, organization=Organization.objects.get(slug=slug), role=role, position=position)
    kept = dict(paper.parties.values_list("organization__slug", "pk"))

    imported(AgreementResource(), ["slug", "party 1", "party 2", "party 3"], ["paper", *cells])

    assert parties_of(paper) == after
    still = dict(paper.parties.values_list("organization__slug", "pk"))
    assert {slug: still[slug] for slug in kept if slug in still} == {slug: kept[slug] for slug in kept if slug in still}


def test_what_stands_beyond_the_columns_of_a_sheet_stays():
    paper = agreement(slug="paper", published_at=None)
    for position in (1, 2, 3):
        party(agreement=paper, position=position)
    organization(slug="acme")

    outcome = imported(AgreementResource(), ["slug", "party"], ["paper", "acme"])

    assert paper.parties.count() == 3
    assert len(changes_of(outcome)) == 2


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (["acme", "investor", "acme", "investor"], "party_1", "This organization is already listed in this role."),
        (["acme", "lendr", "", ""], "role_1", "“lendr” cannot be chosen here. Did you mean lender?"),
        (["", "", "", "lender"], "party_2", "Fill in “party 2” too, or empty the cells that belong to it."),
    ],
)
def test_parties_that_make_no_sense_are_errors_in_their_column(cells, column, message):
    organization(slug="acme")

    outcome = checked(AgreementResource(), ["title_en", "party 1", "role 1", "party 2", "role 2"], ["Paper", *cells])

    assert problems_of(outcome) == [(2, column, message)]


@pytest.mark.parametrize(
    ("text", "currency", "read"),
    [
        ("1500000000", "", ("CNY", Quantity(Decimal(1_500_000_000)), "")),
        ("近5亿美元", "", ("USD", Quantity(Decimal(500_000_000), Comparator.LESS, approximate=True), "近5亿美元")),
        ("US$10m", "usd", ("USD", Quantity(Decimal(10_000_000)), "US$10m")),
    ],
)
def test_an_amount_may_name_its_currency(text, currency, read):
    outcome = checked(AgreementResource(), ["title_en", "amount", "currency"], ["Paper", text, currency])

    [child] = [child for entry in outcome.rows for plan in entry.plans for child in plan.created]
    assert (child.currency, child.quantity, child.quantity_words) == read


def test_an_amount_and_its_currency_must_agree():
    outcome = checked(AgreementResource(), ["title_en", "amount", "currency"], ["Paper", "100亿元", "USD"])

    assert problems_of(outcome) == [
        (2, "amount_1", "This names the currency CNY, but USD is recorded for it. Correct one of them.")
    ]


def test_an_amount_is_corrected_in_place_and_its_old_words_go():
    paper = agreement(slug="paper", published_at=None)
    before = amount(agreement=paper, quantity=Quantity(Decimal(100)), quantity_words="100元")

    imported(AgreementResource(), ["slug", "amount"], ["paper", "200"])

    [after] = paper.amounts.all()
    assert (after.pk, after.quantity.value, after.quantity_words) == (before.pk, 200, "")


def test_a_signing_is_corrected_in_place_and_a_second_one_stays():
    paper = agreement(slug="paper", published_at=None)
    first = signing(agreement=paper, signed_on="2024-11")
    second = signing(agreement=paper, signed_on="2024-12-01")

    imported(AgreementResource(), ["slug", "signed on"], ["paper", "2024年11月15日"])

    assert {each.pk: str(each.signed_on) for each in Signing.objects.all()} == {
        first.pk: "2024-11-15",
        second.pk: "2024-12-01",
    }


def test_a_signing_at_a_session_and_at_a_conference_contradicts_itself():
    stage = session(slug="signing", conference=conference(slug="lake"))

    fine = checked(AgreementResource(), ["title_en", "session"], ["Paper", "lake/signing"])
    both = checked(AgreementResource(), ["title_en", "session", "conference"], ["Paper", "lake/signing", "lake"])

    [child] = [child for entry in fine.rows for plan in entry.plans for child in plan.created]
    assert child.session == stage
    assert [message for *_cell, message in problems_of(both)] == [
        "Choose the session or the conference, not both: a session already says its conference."
    ]


# --- Sessions ---------------------------------------------------------------------------------------------------------

SESSION = ["conference", "title_en", "day", "starts at", "ends at", "speaker 1", "post held then (English) 1"]


def test_a_row_becomes_a_session_with_its_speakers():
    conference(slug="lake", title_en="Meilan Lake")
    ann = speaker(slug="ann", name_en="Ann Example")

    imported(
        SessionResource(),
        [*SESSION, "speaker 2", "organization 2", "organization then (中文) 2"],
        [
            "Meilan Lake",
            "Opening",
            "2024/11/15",
            "9:30 AM",
            "0.4375",
            "Ann Example",
            "Director",
            "示例人",
            "",
            "示例大学",
        ],
    )

    found = Session.objects.get()
    assert (found.slug, found.day, found.starts_at, found.ends_at) == (
        "opening",
        date(2024, 11, 15),
        time(9, 30),
        time(10, 30),
    )
    new = Speaker.objects.exclude(pk=ann.pk).get()
    assert (new.name_zh_hans, new.slug, new.published_at) == ("示例人", "speaker", None)
    assert list(found.appearances.values_list("speaker", "post_en", "organization_name_zh_hans", "position")) == [
        (ann.pk, "Director", "", 1),
        (new.pk, "", "示例大学", 2),
    ]
    assert new.history.get().history_change_reason == "Import of sheet.csv"


def test_a_session_is_found_within_its_conference_only():
    lake, other = conference(slug="lake"), conference(slug="other")
    mine = session(conference=lake, slug="opening", title_en="Opening", published_at=None)
    session(conference=other, slug="opening", title_en="Opening")

    outcome = imported(
        SessionResource(), ["conference", "title_en", "room_en"], ["lake", "Opening", "Hall 1"], ["lake", "Closing", ""]
    )

    assert (outcome.new, outcome.changed) == (1, 1)
    mine.refresh_from_db()
    assert (mine.room_en, mine.revision) == ("Hall 1", 1)
    assert set(lake.sessions.values_list("slug", flat=True)) == {"opening", "closing"}


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (["", "Opening", "2024-11-15", "9:30", "9:00", "", ""], ("conference", "Say which conference it belongs to.")),
        (["lake", "Opening", "2024-11-15", "9:30", "9:00", "", ""], (None, "The session must end after it starts.")),
        (["lake", "Opening", "", "9:30", "", "", ""], (None, "A session with a time needs its day.")),
        (["lake", "Opening", "2024-11", "", "", "", ""], ("day", "Write the whole day, for example 2024-11-15")),
    ],
)
def test_a_session_that_makes_no_sense_is_an_error(cells, problem):
    conference(slug="lake")

    outcome = checked(SessionResource(), SESSION, cells)

    column, message = problems_of(outcome)[0][1:]
    assert column == problem[0]
    assert problem[1] in message


def test_an_appearance_with_statements_is_not_removed_by_a_sheet():
    stage = session(slug="opening", conference=conference(slug="lake"), published_at=None)
    cite(appearance(session=stage, speaker=speaker(name_en="Ann Example", name_zh_hans="")))

    outcome = checked(SessionResource(), ["conference", "slug", "speaker"], ["lake", "opening", "-"])

    [(_row, column, message)] = problems_of(outcome)
    assert column == "speaker_1"
    assert "has sources or statements of its own. Remove it on its own page." in message


def test_somebody_without_the_right_to_delete_removes_nothing(django_user_model):
    stage = session(slug="opening", conference=conference(slug="lake"), published_at=None)
    appearance(session=stage)
    ling = django_user_model.objects.create_user("ling")

    outcome = checked(SessionResource(ling), ["conference", "slug", "speaker"], ["lake", "opening", "-"])

    assert ["You may not remove" in message for *_cell, message in problems_of(outcome)] == [True]
    assert Appearance.objects.count() == 1
