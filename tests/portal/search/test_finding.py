import time

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Conference
from portal.search.results import Search
from portal.search.waiting import catch_up
from tests.factories import conference, organization

pytestmark = pytest.mark.django_db


def names_found(query):
    return [result.title for group in Search(query).groups for result in group.results]


@pytest.mark.parametrize(
    "query",
    [
        "biobay",
        "BioB",
        "生物",
        "物",
        "生物港",
        "ＢＩＯbay 生物港",
        "港 park",
        "Registered",
        "园区 biobay",
        "invented  PARK",
        "biobay生物",
        "mRNA1273",
        "mRNA-1273",
        "mrna 1273",
        "1273",
        "r&d",
        "zurich",
        "Zürich",
    ],
)
def test_every_word_must_occur_somewhere_in_some_language(query):
    organization(
        name_en="BioBAY invented park",
        name_zh_hans="虚构生物港",
        legal_name="Registered BioBAY",
        summary_en="R&D of mRNA-1273 in Zürich",
        summary_zh_hans="园区",
    )
    organization(name_en="Other")

    assert names_found(query) == ["BioBAY invented park"]


@pytest.mark.parametrize(
    "query", ["xuguhu", "xugouhu", "xu gou hu", "xugouh", "xgh", "huguojihuiyizhong", "xugouhuguojihuiyizhongxin"]
)
def test_a_chinese_name_is_found_by_its_pinyin(query):
    organization(name_en="Centre", name_zh_hans="虚构湖国际会议中心", short_name_zh_hans="虚构湖")

    assert names_found(query) == ([] if query == "xuguhu" else ["Centre"])


def test_what_reads_so_comes_before_what_only_sounds_so():
    organization(name_en="", name_zh_hans="宝山")
    organization(name_en="Baoshan")

    assert names_found("baoshan") == ["Baoshan", "宝山"]


@pytest.mark.parametrize("query", ["生港", "%", "_", "\\", "' or 1=1 --", "🧬", "\u202eYABoib"])
def test_what_does_not_occur_finds_nothing(query):
    organization(name_en="BioBAY", name_zh_hans="生物港")
    organization(name_en="Other", name_zh_hans="别的")

    assert names_found(query) == []


def test_the_closest_come_first():
    for name, summary in [
        ("About others", "the vaccine plant"),
        ("Plant for a vaccine", ""),
        ("Vaccine plant two", ""),
        ("Vaccine plant", ""),
    ]:
        organization(name_en=name, summary_en=summary)

    assert names_found("vaccine plant") == ["Vaccine plant", "Vaccine plant two", "Plant for a vaccine", "About others"]


def test_of_equally_close_ones_the_latest_comes_first():
    for year in ("2021", "2024", "2023"):
        conference(title_en=f"The lake conference {year}", starts_on=year)

    assert names_found("lake") == [f"The lake conference {year}" for year in (2024, 2023, 2021)]


# --- Whatever is asked ------------------------------------------------------------------------------------------------

HOSTILE = [
    "'",
    '"',
    "''",
    '""',
    "\\",
    "%",
    "_",
    "*",
    "a*",
    "*a",
    "(",
    ")",
    "((((((",
    "a AND",
    "AND",
    "OR NOT",
    "NEAR(a b)",
    "a:b",
    "{a b}: c",
    "^a",
    "-a",
    "a - b",
    "+",
    "!",
    "a & b | !c <-> d:*A",
    "'a':*",
    "a\\' | b",
    "; DROP TABLE search_document; --",
    "🧬🇨🇳👩‍🔬",
    "\u202e\u200f\u2067שלום مرحبا",
    "\ufffe\uffff\ud7ff",
    "\ue000",
    "\ue000a",
    "x " * 4000,
    "生" * 8000,
    "ba" * 4000,
    "é" * 8000,
    "a\u0301" * 2000,
    " ".join(str(n) for n in range(500)),
    "xian" * 50,
    "$1 %s %(a)s {0}",
    "ﷺ" * 200,
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_is_answered_fast(query):
    organization(name_en="Invented park")
    catch_up()

    began = time.perf_counter()
    groups = Search(query).groups

    assert groups == []
    assert time.perf_counter() - began < 2


PIECES = st.sampled_from(
    ['"', "'", "*", "(", ")", "AND", "NOT", "NEAR", ":", "^", "-", "%", "\\", "生物", "park", "é", "🧬", "bao"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=12).map("".join))
)
def test_any_query_is_answered(query):
    search = Search(query.replace("\x00", ""))  # refused before any view

    assert isinstance(search.found, list)
    assert connection.is_usable()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(alphabet=st.characters(exclude_categories=["C"]), min_size=1, max_size=60))
def test_a_title_finds_its_record(title):
    record = conference(title_en=title)

    try:
        search = Search(title)
        found = [hit.record_id for each in search.found for hit in each.hits]
        assert search.asked is None or record.pk in found
    finally:
        Conference.objects.filter(pk=record.pk).delete()
