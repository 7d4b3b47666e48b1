"""The register of agreements over the first dataset (`events/register.py`): filters, counts, and one totals sentence
for each ceremony, checked by hand against what was published."""

from datetime import datetime
from functools import cache
from itertools import combinations
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.utils import translation

from companies.models import Place
from events.cohorts import cohort_of
from events.models import Agreement, Conference, InvestmentProject
from events.register import ProjectList, Register
from portal import clock
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_dataset", "now")]

EVERYTHING = 15
SETTLED = {"oriental-lifebay-settlement-intents", "oriental-lifebay-enabling-partners"}
FRAMEWORKS = {"cheerland-framework", "stcsm-baoshan-strategic-cooperation"}


@pytest.fixture(scope="module")
def first_dataset(django_db_setup, django_db_blocker):
    """The first dataset, loaded once for this module and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "district", "meilan_lake", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def now():
    """The day for which the silences below were worked out by hand."""
    moment = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.set_to(moment):
        yield moment


def slugs(**parameters):
    return {agreement.slug for agreement in Register(parameters).agreements}


def sentences(**parameters):
    return Register(parameters).totals.sentences


def filters_of(register):
    """Every choice of a register as (filter, value): count; a value is what its link asks for."""
    counts = {}
    for name, facet in zip(FACETS, register.filters, strict=True):
        for choice in facet.choices:
            value = register.on[name] if choice.is_active else dict(parse_qsl(choice.query))[name]
            assert (name, value) not in counts
            counts[name, value] = choice.count
    return counts


FACETS = ("stage", "year", "kind", "disclosed", "conference", "sector", "place")  # in the order of the page


# --- Each ceremony ----------------------------------------------------------------------------------------------------


def test_all_agreements():
    # 10 (more than) + 1.5 + 40 + 12 + 16 (more than) + 6 (more than) billion
    assert sentences() == [
        "15 agreements: 6 state a total investment, together more than CNY 85.5 billion.",
        "5 do not disclose it.",
        "4 are papers of kinds that enter no total (such as intents or frameworks).",
    ]


def test_all_agreements_in_chinese():
    with translation.override("zh-hans"):
        first = sentences()[0]

    assert "855亿元" in first
    assert "15" in first


@pytest.mark.parametrize(
    ("conference", "said"),
    [
        ("cttq-akeso-luodian-2019", ["1 agreement: none states a total investment."]),
        ("china-biomedical-2020", ["1 agreement: 1 states a total investment, more than CNY 10 billion."]),
        ("nanda-signing-2022", ["1 agreement: 1 states a total investment, CNY 12 billion."]),
        (
            "cheerland-launch-2022",
            [
                "1 agreement: none states a total investment.",
                "1 is a paper of a kind that enters no total (such as an intent or a framework).",
            ],
        ),
        ("baoshan-q2-signing-2023", ["1 agreement: 1 states a total investment, more than CNY 16 billion."]),
        (
            "baoshan-innovation-conference-2024",
            [
                "1 agreement: none states a total investment.",
                "1 is a paper of a kind that enters no total (such as an intent or a framework).",
            ],
        ),
        ("baoshan-project-signing-2024", ["1 agreement: 1 states a total investment, more than CNY 6 billion."]),
        ("meilan-lake-2024", ["2 agreements: none states a total investment."]),
        (
            "oriental-lifebay-2025",
            [
                "2 agreements: none states a total investment.",
                "2 are papers of kinds that enter no total (such as intents or frameworks).",
            ],
        ),
    ],
)
def test_each_ceremony(conference, said):
    assert sentences(conference=conference) == said


def test_every_ceremony_of_the_dataset_is_checked_above():
    [marker] = test_each_ceremony.pytestmark

    assert {slug for slug, _said in marker.args[1]} == {
        value for name, value in filters_of(Register({})) if name == "conference"
    }


# --- Each filter alone ------------------------------------------------------------------------------------------------


def test_nothing_asked_is_everything():
    register = Register({})

    assert (register.agreements.count(), register.is_filtered, register.query) == (EVERYTHING, False, "")
    assert register.url == "https://portal.example/en/agreements/"
    assert register.description == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"conference": "meilan-lake-2024"}, {"cell-industry-centre-signing", "key-biopharma-projects-2024"}),
        ({"conference": "nanda-signing-2022"}, {"nanda-22-projects"}),
        ({"year": "2021"}, {"sph-cansino-joint-venture", "nanda-52-projects"}),
        ({"year": "2020"}, {"diasorin-joint-venture", "north-shanghai-park-bases-2020", "medipark-cooperation"}),
        ({"kind": "framework"}, FRAMEWORKS),
        ({"kind": "settlement_intent"}, {"oriental-lifebay-settlement-intents"}),
        ({"stage": "operating"}, {"sph-cansino-joint-venture"}),
        ({"stage": "presumed_lapsed"}, {"cheerland-framework"}),
        ({"place": "oriental-lifebay-baoshan-pharma-valley"}, SETTLED),
        ({"sector": "cell-gene-therapy"}, {"cell-industry-centre-signing"}),
        (
            {"disclosed": "yes"},
            {
                "baoshan-26-industry-projects-2024",
                "baoshan-major-projects-q2-2023",
                "nanda-22-projects",
                "nanda-52-projects",
                "north-shanghai-park-bases-2020",
                "sph-cansino-joint-venture",
            },
        ),
        ({"kind": "framework", "year": "2024"}, {"stcsm-baoshan-strategic-cooperation"}),
        ({"kind": "framework", "disclosed": "no", "stage": "presumed_lapsed"}, {"cheerland-framework"}),
        ({"year": "2020", "disclosed": "no", "place": "luodian"}, {"medipark-cooperation"}),
        ({"year": "2021", "kind": "framework"}, set()),
    ],
)
def test_a_filter_finds(parameters, expected):
    assert slugs(**parameters) == expected


def test_disclosed_and_not_disclosed_are_everything():
    assert len(slugs(disclosed="yes")) + len(slugs(disclosed="no")) == EVERYTHING
    assert slugs(disclosed="yes") & slugs(disclosed="no") == set()


def test_a_place_holds_what_lies_inside_it():
    inside = slugs(place="luodian")

    assert inside == {"cheerland-framework", "cttq-akeso-joint-venture", "medipark-cooperation"}  # a park in Luodian
    assert inside < slugs(place="baoshan")


def test_a_sector_holds_its_branches():
    parent = factories.sector(slug="everything")
    Agreement.objects.get(slug="nanda-52-projects").sectors.set([factories.sector(parent=parent)])

    assert slugs(sector="everything") == {"nanda-52-projects"}


def test_only_the_first_signing_says_the_year():
    again = Agreement.objects.get(slug="nanda-22-projects")
    factories.signing(agreement=again, conference=Conference.objects.get(slug="meilan-lake-2024"))

    assert "nanda-22-projects" in slugs(year="2022") & slugs(conference="meilan-lake-2024")
    assert "nanda-22-projects" not in slugs(year="2024")


def test_an_agreement_signed_twice_at_one_conference_is_counted_once():
    conference = Conference.objects.get(slug="nanda-signing-2022")
    again = Agreement.objects.get(slug="nanda-22-projects")
    factories.signing(agreement=again, session=factories.session(conference=conference))

    assert len(slugs(conference=conference.slug)) == filters_of(Register({}))["conference", conference.slug] == 1
    assert sentences(conference=conference.slug) == ["1 agreement: 1 states a total investment, CNY 12 billion."]


@pytest.mark.parametrize(
    "parameters",
    [
        {"conference": "no-such-thing"},
        {"conference": "2024"},
        {"year": "20"},
        {"year": "2o24"},
        {"year": "２０２４"},
        {"year": "2024-11"},
        {"year": " 2024"},
        {"kind": "FRAMEWORK"},
        {"kind": "bribe"},
        {"stage": "rumoured"},
        {"sector": "' or 1=1 --"},
        {"place": "../../etc/passwd"},
        {"disclosed": "maybe"},
        {"disclosed": "True"},
        {"page": "2", "sort": "amount", "kind[]": "framework"},
        {"kind": ""},
        {"place": "💥" * 500},
    ],
)
def test_what_means_nothing_is_ignored(parameters):
    register = Register(parameters)

    assert (register.on, register.query, register.agreements.count()) == ({}, "", EVERYTHING)


def test_what_is_known_stays_when_the_rest_is_ignored():
    register = Register({"kind": "framework", "stage": "rumoured", "page": "2"})

    assert register.on == {"kind": "framework"}
    assert register.url == "https://portal.example/en/agreements/?kind=framework"


def test_a_repeated_parameter_counts_once_with_its_last_value():
    assert Register(QueryDict("kind=fund&kind=framework")).on == {"kind": "framework"}


def test_a_hidden_record_is_no_filter_and_no_choice():
    before = (
        Register({"conference": "nanda-signing-2022"}).on,
        ("place", "nanda-smart-city") in filters_of(Register({})),
    )

    Conference.objects.filter(slug="nanda-signing-2022").unpublish()
    Place.objects.filter(slug="nanda-smart-city").unpublish()
    after = filters_of(Register({}))

    assert before == ({"conference": "nanda-signing-2022"}, True)
    assert Register({"conference": "nanda-signing-2022"}).on == Register({"place": "nanda-smart-city"}).on == {}
    assert {("conference", "nanda-signing-2022"), ("place", "nanda-smart-city")} & set(after) == set()


def test_a_draft_agreement_is_counted_nowhere():
    counts, said = filters_of(Register({})), sentences()
    draft = factories.agreement(kind="framework", published_at=None, project=InvestmentProject.objects.first())
    draft.sectors.set(Agreement.objects.get(slug="cheerland-framework").sectors.all())
    draft.place = Place.objects.get(slug="luodian")
    draft.save()
    factories.amount(agreement=draft)
    factories.signing(agreement=draft, conference=Conference.objects.get(slug="meilan-lake-2024"))

    assert (filters_of(Register({})), sentences()) == (counts, said)

    Agreement.objects.filter(pk=draft.pk).update(published_at=clock.now())
    assert filters_of(Register({}))["kind", "framework"] == counts["kind", "framework"] + 1


# --- Counts -----------------------------------------------------------------------------------------------------------


def test_every_choice_leads_to_as_many_agreements_as_it_says_and_back(one_generation):
    everything = Register({})
    for facet in everything.filters:
        for choice in facet.choices:
            followed = Register(QueryDict(choice.query))
            [active] = [each for filters in followed.filters for each in filters.choices if each.is_active]

            assert followed.agreements.count() == choice.count == active.count > 0, choice
            assert (active.label, active.query) == (choice.label, "")


def test_the_choices_of_every_pair_of_filters_say_how_many_they_lead_to(one_generation):
    found = {(name, value): frozenset(slugs(**{name: value})) for name, value in filters_of(Register({}))}

    @cache
    def expected(on):
        """What a register that is filtered by `on` must say: every filter counted under the others."""
        counts = {}
        for name, value in found:
            others = [each for each in on if each[0] != name]
            count = len(found[name, value].intersection(*(found[each] for each in others)))
            if count or (name, value) in on:
                counts[name, value] = count
        return counts

    pairs = [pair for pair in combinations(sorted(found), 2) if pair[0][0] != pair[1][0]]
    for on in [(), *[(each,) for each in found], *pairs[::41]]:
        assert filters_of(Register(dict(on))) == expected(on), on


def test_every_link_of_a_filtered_register_keeps_the_other_filters():
    register = Register({"year": "2024", "disclosed": "no"})

    for name, facet in zip(FACETS, register.filters, strict=True):
        for choice in facet.choices:
            asked = dict(parse_qsl(choice.query))
            others = {key: value for key, value in register.on.items() if key != name}
            assert {key: value for key, value in asked.items() if key != name} == others, choice
            assert (name in asked) != choice.is_active, choice


@pytest.mark.parametrize(
    ("parameters", "name", "label"),
    [
        ({"year": "1999"}, "year", "1999"),
        ({"kind": "purchase"}, "kind", "Purchase agreement"),
        ({"stage": "lapsed"}, "stage", "Lapsed"),
        ({"year": "2021", "kind": "framework"}, "kind", "Framework agreement"),
        ({"year": "2021", "conference": "nanda-signing-2022"}, "conference", "Nanda signing of 22 projects"),
        ({"year": "2024", "place": "north-shanghai-biopharma-park"}, "place", "North Shanghai Biopharma Park"),
        ({"year": "2019", "sector": "cell-gene-therapy"}, "sector", "Cell and gene therapy"),
    ],
)
def test_a_filter_that_finds_nothing_can_be_seen_and_taken_off(parameters, name, label):
    register = Register(parameters)

    [choice] = [each for each in register.filters[FACETS.index(name)].choices if each.is_active]

    assert (register.agreements.count(), choice.count, choice.label) == (0, 0, label)
    assert dict(parse_qsl(choice.query)) == {key: value for key, value in parameters.items() if key != name}
    assert len(register.description) == len(parameters)


def test_the_filters_are_described_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        [(heading, value)] = Register({"kind": "framework"}).description
    english = Register({"kind": "framework", "year": "2024"}).description

    assert english == [("Year of signing", "2024"), ("Kind of paper", "Framework agreement")]
    assert not (heading + value).isascii()


@pytest.mark.parametrize(
    ("parameters", "records"),
    [
        ({}, 0),
        ({"year": "2024", "kind": "framework"}, 0),
        ({"conference": "meilan-lake-2024", "place": "baoshan"}, 2),
    ],
)
def test_all_rows_are_asked_for_once_and_then_filtered_and_counted_without_a_query(
    parameters, records, one_generation, django_assert_num_queries
):
    with django_assert_num_queries(7):  # the rows, how far each project has come, and what is said of them
        assert Register({}).filters
    with django_assert_num_queries(records):
        register = Register(parameters)
    with django_assert_num_queries(0):
        assert register.filters
        assert len(register.found) == len(register.found.part(0, None)[0])
        assert len(register.description) == len(parameters)


# --- Projects ---------------------------------------------------------------------------------------------------------


def test_the_projects_of_the_first_dataset_by_how_far_they_have_come():
    [facet] = ProjectList({}).filters

    assert [(choice.label, choice.count, choice.query) for choice in facet.choices] == [
        ("Signed", 3, "stage=signed"),
        ("Presumed lapsed (inferred)", 2, "stage=presumed_lapsed"),
        ("Operating", 1, "stage=operating"),
    ]


def test_every_choice_of_the_projects_leads_to_as_many_as_it_says_and_back():
    [facet] = ProjectList({}).filters
    for choice in facet.choices:
        followed = ProjectList(QueryDict(choice.query))
        [active] = [each for each in followed.filters[0].choices if each.is_active]

        assert followed.projects.count() == choice.count == active.count
        assert active.query == ""
        assert followed.url == f"https://portal.example/en/projects/?{choice.query}"


@pytest.mark.parametrize("stage", ["rumoured", "", "SIGNED", "💥"])
def test_an_unknown_stage_shows_all_projects(stage):
    board = ProjectList({"stage": stage})

    assert (board.projects.count(), board.query, board.description) == (6, "", [])
    assert board.url == "https://portal.example/en/projects/"


def test_a_stage_that_no_project_reached_can_be_seen_and_taken_off():
    board = ProjectList({"stage": "at_scale"})

    [active] = [choice for choice in board.filters[0].choices if choice.is_active]

    assert (board.projects.count(), active.label, active.count, active.query) == (0, "At scale", 0, "")
    assert board.description == [("What became of it", "At scale")]


def test_a_ceremony_of_the_first_dataset_means_no_construction():
    park = InvestmentProject.objects.with_progress().get(slug="oriental-lifebay-baoshan-pharma-valley")

    assert [each.kind for each in park.milestones.all()] == ["groundbreaking"]
    assert (park.stage, park.progress, str(park.evidence_on)) == ("signed", "signed", "2025-01-07")


def test_the_2024_conference_since_then():
    cohort = cohort_of(Conference.objects.get(slug="meilan-lake-2024"))

    assert (cohort.size, cohort.documented, cohort.undocumented) == (2, [], 2)
