from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.models import Organization, Place
from events.models import Agreement, AgreementParty, Amount, Conference, InvestmentProject, Session, Signing
from portal import clock
from portal.partial_dates import PartialDate
from portal.quantities import Quantity
from tests.factories import (
    agreement,
    amount,
    conference,
    organization,
    party,
    place,
    project,
    relation,
    session,
    signing,
)

pytestmark = pytest.mark.django_db


# --- what is public ---------------------------------------------------------------------------------------------------


def test_agreement_of_a_draft_conference_is_hidden_on_the_company_page():
    signed = signing()
    company = party(agreement=signed.agreement).organization
    before = list(company.agreements.published())

    Conference.objects.unpublish()

    assert (before, list(company.agreements.published())) == ([signed.agreement], [])
    assert list(company.agreements.distinct()) == [signed.agreement]


def test_agreement_of_a_draft_session_is_hidden_on_the_company_page():
    signed = signing(session=session())
    company = party(agreement=signed.agreement).organization
    before = list(company.agreements.published())

    Session.objects.unpublish()

    assert (before, list(company.agreements.published())) == ([signed.agreement], [])


def test_agreement_of_a_session_of_a_draft_conference_is_hidden_on_the_company_page():
    signed = signing(session=session())
    company = party(agreement=signed.agreement).organization
    before = list(company.agreements.published())

    Conference.objects.unpublish()

    assert (before, list(company.agreements.published())) == ([signed.agreement], [])


def test_draft_agreement_is_hidden_on_the_pages_of_its_conference_and_its_session():
    stage = session()
    signed = signing(session=stage)
    lists = [
        lambda: list(Agreement.objects.published().for_conference(stage.conference)),
        lambda: [each.agreement for each in Signing.objects.published().filter(session=stage)],
    ]
    before = [shown() for shown in lists]

    Agreement.objects.unpublish()

    assert (before, [shown() for shown in lists]) == ([[signed.agreement], [signed.agreement]], [[], []])


def test_agreement_with_one_draft_and_one_public_stage_stays_visible():
    paper = agreement()
    public, hidden = signing(agreement=paper), signing(agreement=paper)

    Conference.objects.filter(pk=hidden.conference.pk).unpublish()

    assert list(Agreement.objects.published()) == [paper]
    assert list(Signing.objects.published()) == [public]
    assert list(Agreement.objects.published().for_conference(public.conference)) == [paper]
    assert list(Agreement.objects.published().for_conference(hidden.conference)) == []


def test_agreement_is_not_shown_on_a_draft_stage_because_of_a_public_one():
    paper = agreement()
    signing(agreement=paper)
    stage = signing(agreement=paper, session=session()).session
    before = list(Signing.objects.published().filter(session=stage))

    Session.objects.unpublish()

    assert ([each.agreement for each in before], list(Signing.objects.published().filter(session=stage))) == (
        [paper],
        [],
    )


def test_agreement_whose_every_stage_is_a_draft_is_hidden():
    paper = agreement()
    signing(agreement=paper)
    signing(agreement=paper, session=session())
    before = list(Agreement.objects.published())

    Conference.objects.unpublish()

    assert (before, list(Agreement.objects.published())) == ([paper], [])


def test_agreement_that_was_also_signed_away_from_any_stage_stays_visible():
    paper = agreement()
    signing(agreement=paper)
    signing(agreement=paper, conference=None)

    Conference.objects.unpublish()

    assert list(Agreement.objects.published()) == [paper]


def test_agreement_that_was_signed_nowhere_yet_is_visible():
    paper = agreement()

    assert list(Agreement.objects.published()) == [paper]


def test_agreement_comes_into_view_with_its_scheduled_conference(now):
    at_six = now.replace(hour=18)
    paper = signing(conference=conference(published_at=at_six)).agreement

    before = list(Agreement.objects.published())
    with clock.set_to(at_six):
        then = list(Agreement.objects.published())

    assert (before, list(Agreement.objects.published(at=at_six)), then) == ([], [paper], [paper])


@pytest.mark.parametrize("hang", [party, amount, signing], ids=["party", "amount", "signing"])
def test_what_hangs_on_agreement_of_a_draft_conference_is_hidden(hang):
    signed = signing()
    record = hang(agreement=signed.agreement)
    shown = type(record).objects.published().filter(pk=record.pk)
    before = list(shown)

    Conference.objects.unpublish()

    assert (before, list(shown.all())) == ([record], [])


def test_party_with_a_draft_organization_is_hidden():
    paper = agreement()
    public, hidden = party(agreement=paper), party(agreement=paper)
    before = list(paper.parties.published())

    Organization.objects.filter(pk=hidden.organization.pk).unpublish()

    assert (before, list(paper.parties.published())) == ([public, hidden], [public])


def test_party_without_a_page_is_shown_by_its_name():
    named = party(name_en="DiaSorin", name_zh_hans="索灵")

    assert list(AgreementParty.objects.published()) == [named]
    assert str(named) == "DiaSorin"


def test_relation_to_a_draft_agreement_is_hidden_on_both_pages():
    upgrade = relation()
    lists = [lambda: list(upgrade.agreement.relations.published()), lambda: list(upgrade.to.relations_to.published())]
    before = [shown() for shown in lists]

    Agreement.objects.filter(pk=upgrade.to.pk).unpublish()

    assert (before, [shown() for shown in lists]) == ([[upgrade], [upgrade]], [[], []])


@pytest.mark.parametrize(("name", "make", "model"), [("project", project, InvestmentProject), ("place", place, Place)])
def test_agreement_does_not_name_a_draft_project_or_place(name, make, model):
    paper = agreement(**{name: make()})
    before = getattr(paper, f"public_{name}")

    model.objects.unpublish()

    after = getattr(Agreement.objects.published().get(), f"public_{name}")
    assert (before, after) == (getattr(paper, name), None)


def test_agreement_without_project_and_place_names_neither():
    paper = agreement()

    assert (paper.public_project, paper.public_place) == (None, None)


# --- finding ----------------------------------------------------------------------------------------------------------


def test_conference_shows_what_was_signed_there_in_a_session_or_not():
    meeting = conference()
    direct, in_session = agreement(), agreement()
    signing(agreement=direct, conference=meeting)
    signing(agreement=in_session, session=session(conference=meeting))
    signing()

    assert list(Agreement.objects.for_conference(meeting)) == [direct, in_session]


def test_conference_shows_agreement_once_however_often_it_was_signed_there():
    meeting = conference()
    paper = agreement()
    signing(agreement=paper, conference=meeting)
    signing(agreement=paper, session=session(conference=meeting))

    assert list(Agreement.objects.for_conference(meeting)) == [paper]


def test_session_shows_what_was_signed_in_it_in_the_order_of_signing(client):
    stage = session()
    later, earlier = (signing(session=stage, signed_on=day).agreement for day in ("2024-11-16", "2024-11-15"))
    signing(conference=stage.conference)

    assert list(client.get(stage.get_absolute_url()).context["agreements"]) == [earlier, later]


def test_company_shows_agreement_once_however_many_roles_it_has():
    company = organization()
    paper = agreement()
    for role in (AgreementParty.Role.INVESTOR, AgreementParty.Role.LENDER):
        party(agreement=paper, organization=company, role=role)
    party()

    assert list(company.agreements.distinct()) == [paper]


# --- the first signing ------------------------------------------------------------------------------------------------


def signed_on(paper):
    return Agreement.objects.with_first_signing().get(pk=paper.pk).signed_on


def test_only_the_first_signing_counts():
    paper = agreement()
    for date in ("2024-11-15", "2020-11-28", "2022"):
        signing(agreement=paper, signed_on=date)

    assert signed_on(paper) == PartialDate(2020, 11, 28)


def test_signing_without_a_date_stands_where_its_conference_does():
    paper = agreement()
    signing(agreement=paper, signed_on=None, conference=conference(starts_on="2024-11-15"))
    before = signed_on(paper)

    signing(agreement=paper, signed_on="2020-11-28", conference=None)

    assert (before, signed_on(paper)) == (None, PartialDate(2020, 11, 28))


def test_date_of_a_first_signing_is_unknown_where_its_source_gives_none():
    paper = agreement()
    signing(agreement=paper, signed_on=None, session=session(conference=conference(starts_on="2020-11")))

    signing(agreement=paper, signed_on="2024-11-15")

    assert signed_on(paper) is None


def test_signing_at_a_draft_conference_gives_no_date_away():
    paper = agreement()
    signing(agreement=paper, signed_on="2024-11-15")
    hidden = signing(agreement=paper, signed_on="2020-11-28")
    before = signed_on(paper)

    Conference.objects.filter(pk=hidden.conference.pk).unpublish()

    assert (before, signed_on(paper)) == (PartialDate(2020, 11, 28), PartialDate(2024, 11, 15))


def test_agreement_that_was_not_signed_has_no_date():
    assert signed_on(agreement()) is None


def test_agreements_are_listed_by_their_first_signing_latest_first_and_undated_last():
    unsigned = agreement()
    of_2020, of_2024, of_november, renewed, undated = (agreement() for _ in range(5))
    signing(agreement=of_2020, signed_on="2020")
    signing(agreement=of_2024, signed_on="2024-11-15")
    signing(agreement=of_november, signed_on="2023-11")
    signing(agreement=renewed, signed_on="2021")
    signing(agreement=renewed, signed_on="2025")
    signing(agreement=undated, signed_on=None)

    in_order = list(Agreement.objects.latest_signed_first())

    assert in_order[:4] == [of_2024, of_november, renewed, of_2020]
    assert set(in_order[4:]) == {unsigned, undated}


def test_signings_stand_in_the_order_in_which_they_happened():
    paper = agreement()
    last = signing(agreement=paper, signed_on="2024-11-15")
    undated = signing(agreement=paper, signed_on=None, conference=conference(starts_on="2022"))
    undated_in_session = signing(
        agreement=paper, signed_on=None, session=session(conference=conference(starts_on="2021"))
    )
    first = signing(agreement=paper, signed_on="2020", conference=None)

    assert list(paper.signings.in_order()) == [first, undated_in_session, undated, last]


# --- cards ------------------------------------------------------------------------------------------------------------


def test_agreement_card_needs_no_query_of_its_own(django_assert_num_queries):
    for _ in range(3):
        paper = signing().agreement
        party(agreement=paper)
        party(agreement=paper, name_en="DiaSorin")
        amount(agreement=paper)

    with django_assert_num_queries(3):
        cards = [
            (paper.signed_on, [str(each) for each in paper.parties.all()], [each.words for each in paper.amounts.all()])
            for paper in Agreement.objects.with_terms()
        ]

    assert [(str(signed), len(parties), amounts) for signed, parties, amounts in cards] == [
        ("2024-11-15", 2, ["CNY 16 billion"])
    ] * 3


def test_agreement_card_does_not_name_a_draft_organization():
    paper = agreement()
    public, hidden = party(agreement=paper), party(agreement=paper)
    before = list(Agreement.objects.with_terms().get().parties.all())

    Organization.objects.filter(pk=hidden.organization.pk).unpublish()

    assert (before, list(Agreement.objects.with_terms().get().parties.all())) == ([public, hidden], [public])


def test_stage_of_a_signing_is_loaded_with_it(django_assert_num_queries):
    paper = agreement()
    in_session = signing(agreement=paper, session=session())
    at_conference = signing(agreement=paper)
    nowhere = signing(agreement=paper, conference=None, place=place())

    with django_assert_num_queries(1):
        stages = {each: each.held_at for each in paper.signings.with_stage()}

    assert stages == {
        in_session: in_session.session.conference,
        at_conference: at_conference.conference,
        nowhere: None,
    }


# --- rules ------------------------------------------------------------------------------------------------------------


def test_agreement_may_be_signed_on_several_stages():
    paper = agreement()
    meeting = conference()

    for stage in ({"conference": meeting}, {"session": session(conference=meeting)}, {"conference": None}):
        signing(agreement=paper, **stage).full_clean()

    assert paper.signings.count() == 3


def test_agreement_may_have_amounts_of_several_kinds_and_currencies():
    paper = agreement()

    for kind, currency in (("total_investment", "CNY"), ("total_investment", "EUR"), ("registered_capital", "CNY")):
        amount(agreement=paper, kind=kind, currency=currency).full_clean()

    assert paper.amounts.count() == 3


@pytest.mark.parametrize("value", ["0", "-1"])
def test_amount_that_was_not_disclosed_is_never_recorded_as_zero(value):
    sum_ = amount()
    sum_.quantity = Quantity(Decimal(value))

    with pytest.raises(ValidationError) as refusal:
        sum_.full_clean()

    assert refusal.value.messages == ["An amount is above zero. When it was not disclosed, record no amount."]


@pytest.mark.parametrize("currency", ["cny", "RMB1", "元", "CN", ""])
def test_amount_without_a_known_form_of_currency_is_refused(currency):
    sum_ = amount()
    sum_.currency = currency

    with pytest.raises(ValidationError):
        sum_.full_clean()

    assert list(Amount.objects.filter(currency=currency)) == []


@pytest.mark.parametrize("share", ["0.001", "49.8", "100"])
def test_share_lies_between_nothing_and_everything(share):
    partner = party(share=Decimal(share))

    partner.full_clean()

    assert AgreementParty.objects.get().share == Decimal(share)


@pytest.mark.parametrize("share", ["0", "-1", "100.001"])
def test_share_of_nothing_or_of_more_than_everything_is_refused(share):
    partner = party()
    partner.share = Decimal(share)

    with pytest.raises(ValidationError) as refusal:
        partner.full_clean()

    assert refusal.value.messages == ["A share lies between 0 and 100 percent."]


def test_party_that_is_nobody_is_refused():
    partner = party()
    partner.organization = None

    with pytest.raises(ValidationError) as refusal:
        partner.full_clean()

    assert refusal.value.messages == ["Choose an organization or write a name, not both."]


@pytest.mark.parametrize("size", [None, Quantity(Decimal(26)), Quantity(Decimal(30), "<"), Quantity(Decimal(1))])
def test_batch_may_have_any_size_or_an_undisclosed_one(size):
    batch = agreement(is_batch=True, batch_size=size)

    batch.full_clean()

    assert Agreement.objects.get().batch_size == size


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "currency", "english", "chinese"),
    [
        (Quantity(Decimal(10_000_000_000), ">"), "CNY", "more than CNY 10 billion", "超过100亿元"),
        (Quantity(Decimal(30_000_000)), "USD", "USD 30 million", "3000万美元"),
    ],
)
def test_amount_reads_as_money(quantity, currency, english, chinese):
    sum_ = amount(quantity=quantity, currency=currency)
    words = []

    for language in ("en", "zh-hans"):
        with translation.override(language):
            words.append(sum_.words)

    assert words == [english, chinese]


def test_agreement_is_labelled_by_its_kind_and_a_batch_by_its_size():
    labels = [
        str(Agreement(kind=Agreement.Kind.MEMORANDUM).label),
        agreement(is_batch=True, batch_size=Quantity(Decimal(26))).label,
        agreement(is_batch=True, batch_size=Quantity(Decimal(30), ">")).label,
        Agreement(is_batch=True).label,
    ]

    assert labels == [
        "memorandum of understanding",
        "26 projects",
        "more than 30 projects",
        "batch of undisclosed size",
    ]


@pytest.mark.parametrize(("language", "url"), [("en", "/en/agreements/lab/"), ("zh-hans", "/zh-hans/agreements/lab/")])
def test_agreement_has_a_page_in_each_language(language, url):
    with translation.override(language):
        assert Agreement(slug="lab").get_absolute_url() == url


def test_agreements_and_what_hangs_on_them_name_themselves():
    lab, plant = agreement(title_en="Joint laboratory"), agreement(title_en="Vaccine plant")

    names = [
        str(lab),
        str(party(organization=organization(name_en="DiaSorin"))),
        str(amount()),
        str(signing(agreement=lab, signed_on="2020")),
        str(signing(agreement=lab, signed_on=None, conference=conference(title_en="Meilan Lake 2024"))),
        str(relation(agreement=plant, to=lab)),
    ]

    assert names == [
        "Joint laboratory",
        "DiaSorin",
        "CNY 16 billion (total investment)",
        "Joint laboratory · 2020",
        "Joint laboratory · Meilan Lake 2024",
        "Vaccine plant upgrades Joint laboratory",
    ]
