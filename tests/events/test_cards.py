"""What the cards of lists say of each record."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from events.cards import agreement_cards, amounts_of, person_cards, post_of, rungs_of
from events.models import Agreement, Appearance
from portal.provenance import Bibliography
from tests.factories import (
    agreement,
    amount,
    appearance,
    cite,
    milestone,
    organization,
    party,
    picture,
    project,
    signing,
    source,
    speaker,
)

pytestmark = pytest.mark.django_db


def people_on_cards():
    return list(Appearance.objects.on_cards())


def shown_people():
    appearances = people_on_cards()
    context = {"appearances": appearances, "bibliography": Bibliography(*appearances)}
    return render_to_string("components/person_cards.html", context)


def papers_on_cards():
    return list(Agreement.objects.with_progress().with_terms())


def shown_papers(*, with_parties=True):
    context = {"agreements": papers_on_cards(), "with_parties": with_parties}
    return render_to_string("components/agreement_cards.html", context)


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_person_stands_with_name_post_and_source():
    person = appearance(speaker=speaker(name_en="Zhai Jinguo"), post_en="Deputy Director").speaker

    html = shown_people()

    assert f'<h3><a href="{person.get_absolute_url()}">Zhai Jinguo</a></h3>' in html
    assert '<p class="post">Deputy Director' in html
    assert '<span class="portrait" aria-hidden="true">ZJ</span>' in html


def test_a_portrait_stands_in_place_of_the_initials(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appearance(speaker=speaker(portrait=picture(size=(400, 400))))

    html = shown_people()

    assert '<img class="picture ' in html
    assert "portrait" not in html.replace("/portrait", "")


def test_each_person_has_the_markers_of_their_own_sources():
    for each in (appearance(), appearance(speaker=speaker())):
        cite(each, source())
    appearances = people_on_cards()

    cards = person_cards(appearances, Bibliography(*appearances))

    assert ['href="#source-1"' in card["cited"] for card in cards] == [True, False]
    assert ['href="#source-2"' in card["cited"] for card in cards] == [False, True]


def test_what_was_reported_of_their_words_stands_under_it():
    cite(appearance(), source(publisher="Baoshan News"), statement_en="The park grows.", quote="园区在成长。")

    html = shown_people()

    assert "<p>The park grows.</p>" in html
    assert "as reported by Baoshan News" in html


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"post_en": "Director", "organization_name_en": "Park"}, "Director · Park"),
        ({"post_en": "", "organization_name_en": "Park"}, "Park"),
        ({"post_en": "Director", "role": "moderator"}, "Director · moderator"),
        ({"post_en": "Director", "mode": "remote"}, "Director · remotely"),
        ({"post_en": "", "role": "guest", "mode": "video_message"}, "guest · by video message"),
        ({"post_en": "Director", "mode": "not_stated"}, "Director"),
    ],
)
def test_the_line_of_a_post_says_what_is_known_and_begins_with_no_dot(given, line):
    assert post_of(appearance(**{"post_zh_hans": "", **given})) == line


def test_the_organization_leads_to_its_page_unless_that_is_a_draft():
    park = organization(name_en="Park")
    appearance(post_en="Director", organization=park, organization_name_en="Old Park")

    as_public = post_of(people_on_cards()[0])
    type(park).objects.unpublish()
    as_draft = post_of(people_on_cards()[0])

    assert as_public == f'Director · <a href="{park.get_absolute_url()}">Old Park</a>'
    assert as_draft == "Director · Old Park"


def test_a_name_in_another_language_says_so():
    appearance(speaker=speaker(name_en="", name_zh_hans="翟金国"))

    assert '<span lang="zh-Hans">翟金国</span>' in shown_people()


# --- agreements -------------------------------------------------------------------------------------------------------


def test_an_agreement_stands_with_day_amount_progress_and_parties():
    paper = signing(agreement=agreement(title_en="A plant", kind="framework"), signed_on="2024-11-15").agreement
    party(agreement=paper, organization=organization(name_en="DiaSorin"))
    party(agreement=paper, organization=organization(name_en="Baoshan District"))
    amount(agreement=paper)

    html = shown_papers()

    assert f'<h3><a href="{paper.get_absolute_url()}">A plant</a></h3>' in html
    assert '<span class="chip chip-signed">framework agreement</span>' in html
    assert '<span><time datetime="2024-11-15">15 November 2024</time></span>' in html
    assert '<p class="amount">CNY 16 billion <small>total investment</small></p>' in html
    assert "<p>Signed; no later step documented</p>" in html
    assert "<p>DiaSorin · Baoshan District</p>" in html


def test_what_was_not_disclosed_is_said():
    agreement()

    html = shown_papers()

    assert "Amount not disclosed" in html
    assert "Parties not disclosed" in html
    assert "<time" not in html


def test_parties_are_named_where_they_are_asked_for():
    party(agreement=agreement(), organization=organization(name_en="DiaSorin"))

    assert ["DiaSorin" in shown_papers(with_parties=each) for each in (True, False)] == [True, False]


def test_a_batch_says_how_many_papers_it_is():
    agreement(is_batch=True, batch_size_value=26)

    (card,) = agreement_cards(papers_on_cards(), with_parties=False)

    assert card["label"] == "26 projects"


def test_amounts_have_the_markers_of_their_sources_on_the_page_that_numbers_them():
    paper = amount().agreement
    cite(paper, source(), fact="amounts")
    paper = Agreement.objects.with_amounts().with_citations().get()

    plain, marked = amounts_of(paper), amounts_of(paper, Bibliography(paper))

    assert "cite" not in plain
    assert marked == plain.replace("</small>", f"{marked[marked.index('<sup') : marked.index('</small>')]}</small>")
    assert 'href="#source-1"' in marked


def test_the_bar_shows_how_far_the_project_has_come():
    followed = project()
    agreement(project=followed)
    step = milestone(project=followed, kind="registered", met_on="2023")
    cite(step, source(source_type="official_register"))

    bars = [rungs_of(paper) for paper in papers_on_cards()]

    assert bars == ['<span class="is-reached"></span>' * 2 + "<span></span>" * 5]


# --- both -------------------------------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script> {url} {0} {{ x }} & "'
AS_TEXT = "&lt;script&gt;alert(1)&lt;/script&gt; {url} {0} {{ x }} &amp; &quot;"


def test_no_text_becomes_markup_and_no_brace_is_filled_in():
    appearance(speaker=speaker(name_en=HOSTILE), post_en=HOSTILE, organization_name_en=HOSTILE)
    party(agreement=agreement(title_en=HOSTILE), organization=None, name_en=HOSTILE)

    people, papers = shown_people(), shown_papers()

    assert (people.count(AS_TEXT), papers.count(AS_TEXT)) == (3, 2)
    assert "<script" not in people + papers


def test_cards_need_no_query_of_their_own(django_assert_num_queries):
    for _ in range(3):
        cite(appearance(speaker=speaker(), organization=organization()), source(), statement_en="It grows.")
        paper = signing().agreement
        party(agreement=paper)
        amount(agreement=paper)
    appearances, papers = people_on_cards(), papers_on_cards()

    with django_assert_num_queries(0):
        cards = person_cards(appearances, Bibliography(*appearances)), agreement_cards(papers, with_parties=True)

    assert [len(each) for each in cards] == [3, 3]


def test_they_speak_the_language_of_the_page():
    amount(agreement=signing().agreement)

    with translation.override("zh-hans"):
        html = shown_papers()

    assert "160亿元 <small>总投资</small>" in html
    assert "2024年11月15日" in html
