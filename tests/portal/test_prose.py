import time

import nh3
import pytest
from django.core.exceptions import ValidationError
from django.core.serializers import deserialize
from django.db import transaction
from django.db.models import Q, Value
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from companies.models import Organization
from events.models import Announcement
from portal.fields import TextIn
from portal.introductions import Introduced
from portal.prose import LONGEST, LONGEST_READ, as_html, clean_prose, in_plain_words, is_prose, text_of
from portal.search.snippets import excerpt_of
from tests.factories import announcement, cite, indicator, organization

# --- Cleaning ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\u3000\ufeff\n", ""),
        ("One line", "<p>One line</p>"),
        ("第一段。\r\n\r\n　　第二段。\n\n\n\n第三段。", "<p>第一段。</p>\n\n<p>第二段。</p>\n\n<p>第三段。</p>"),
        ("Hall A\nHall B", "<p>Hall A<br>\nHall B</p>"),
        ("R&D, <5%, a < b, 3 > 2", "<p>R&amp;D, &lt;5%, a &lt; b, 3 &gt; 2</p>"),
        ("&nbsp; is &amp; stays", "<p>&amp;nbsp; is &amp;amp; stays</p>"),
        (
            "<invest@example.org> or <https://a.example>",
            "<p>&lt;invest@example.org&gt; or &lt;https://a.example&gt;</p>",
        ),
        ("{{ config }}{% debug %}=1+1", "<p>{{ config }}{% debug %}=1+1</p>"),
    ],
)
def test_plain_text_becomes_paragraphs_and_stays_as_it_was_typed(text, html):
    assert clean_prose(text) == html


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p>\n\n<p>b</p>"),
        ("<div>a<div>b</div></div>c", "<p>a</p>\n\n<p>b</p>\n\n<p>c</p>"),
        ("<p></p><p>&nbsp;</p><p><br></p><p><b> </b></p><ul><li></li></ul><blockquote></blockquote>", ""),
        ("<p>a<br>b<br><br/>c<br></p>", "<p>a<br>\nb</p>\n\n<p>c</p>"),
        ("<p>typed</p>\n\nbelow\n\nit", "<p>typed</p>\n\n<p>below</p>\n\n<p>it</p>"),
        ("<p>one&nbsp;&nbsp;\n two　three</p>", "<p>one two three</p>"),
        ("<p>总投资\n  100亿元</p><p>生物\n 医药</p>", "<p>总投资 100亿元</p>\n\n<p>生物医药</p>"),
        ("<b>a</b><strong>b</strong> <i>c</i><em> d</em>", "<p><strong>ab</strong> <em>c d</em></p>"),
        ("<p><b>**签约金额：**</b>100亿元</p>", "<p><strong>**签约金额：**</strong>100亿元</p>"),
        ("<b><i>a</b>b</i>c", "<p><strong><em>a</em></strong><em>b</em>c</p>"),
        ("<p><b>a</p><p>b</b>c</p>", "<p><strong>a</strong></p>\n\n<p><strong>b</strong>c</p>"),
        ("<u>a</u><s>b</s><sup>2</sup><code>c</code><mark>d</mark>", "<p>ab2cd</p>"),
        ("<ul><li>a<li><p>b</p><p>c</p></ul>", "<ul><li>a</li>\n<li>b<br>\nc</li></ul>"),
        ("<ol start=3 type=a><li value=9>a</ol>", "<ol><li>a</li></ol>"),
        ("<ul><li>a<ol><li>b</ol>c</ul>", "<ul><li>a\n<ol><li>b</li></ol>\nc</li></ul>"),
        ("<ul>a<ul><li>b</ul></ul>", "<ul><li>a\n<ul><li>b</li></ul></li></ul>"),
        ("<li>a</li><li>b</li><p>c</p>", "<ul><li>a</li>\n<li>b</li></ul>\n\n<p>c</p>"),
        ("<ul><li><h2>a</h2><blockquote>b</blockquote></ul>c", "<ul><li>a<br>\nb</li></ul>\n\n<p>c</p>"),
        (
            "<blockquote>a<h2>b</h2><blockquote>c</blockquote><ul><li>d</ul>e</blockquote>f",
            "<blockquote><p>a</p>\n\n<p>b</p>\n\n<p>c</p>\n\n<ul><li>d</li></ul>\n\n<p>e</p></blockquote>\n\n<p>f</p>",
        ),
        ("<table><tr><th>a<td>b<tr><td>c</table>", "<p>a b</p>\n\n<p>c</p>"),
        ("<img src=x alt=a><hr>b<video></video>", "<p>b</p>"),
        ("<custom-tag a=b>a</custom-tag><o:p>b</o:p>", "<p>ab</p>"),
    ],
)
def test_markup_is_written_in_one_way(markup, html):
    assert clean_prose(markup) == html


@pytest.mark.parametrize(
    ("levels", "ordered"),
    [("1", "2"), ("6", "2"), ("13", "23"), ("246", "234"), ("3245", "2234"), ("123456", "234444"), ("412", "223")],
)
def test_headings_begin_at_h2_and_leave_out_no_level(levels, ordered):
    headings = "".join(f"<h{level}><b>a</b></h{level}>" for level in levels)

    assert clean_prose(headings) == "\n\n".join(f"<h{level}>a</h{level}>" for level in ordered)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT >",
        "<style>p { display: none }</style>",
        "<!-- <p>hidden</p> -->",
        "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<iframe src=https://evil.example>no</iframe>",
        "<template><p>hidden</p></template>",
        "<img src=x onerror=alert(1)>",
        "<form action=https://evil.example><input name=password></form>",
        "<meta http-equiv=refresh content=0>",
        "<base href=https://evil.example>",
        "<math><mtext></mtext></math>",
        "\0\x01\u202e\u2066\ud800",
    ],
)
def test_what_a_text_does_not_need_leaves_nothing(hostile):
    assert clean_prose(f"<p>before</p>{hostile}<p>after</p>") == "<p>before</p>\n\n<p>after</p>"


@pytest.mark.parametrize(
    ("hostile", "html"),
    [
        ("<scr<script>ipt>alert(1)</script>x", "<p>&lt;scrx</p>"),
        ("a<script>alert(1)", "<p>a</p>"),
        ("a<!-- b", "<p>a</p>"),
        ("<p onclick=alert(1) style='position:fixed' class=x id=top>a</p>", "<p>a</p>"),
        ("<p title='a>b' onclick=\"alert('x>')\">c</p>", "<p>c</p>"),
        ("<p title='a<b' onclick=x>c</p>", "<p>&lt;p title='a&lt;b' onclick=x&gt;c</p>"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;<p>a</p>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n\n<p>a</p>"),
        ("<<p>a", "<p>&lt;</p>\n\n<p>a</p>"),
        ("<p>&#99999999999999999999;&#xffffffffff;&#0;&#xd800;a&#1;", "<p>\ufffd\ufffda</p>"),
    ],
)
def test_broken_and_hostile_markup_is_text_or_nothing(hostile, html):
    assert clean_prose(hostile) == html


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("https://gov.example/a?b=1&amp;c=2#d", '<a href="https://gov.example/a?b=1&amp;c=2#d" rel="noopener">a</a>'),
        ("HTTP://GOV.EXAMPLE/", '<a href="HTTP://GOV.EXAMPLE/" rel="noopener">a</a>'),
        (" https://gov.example/\n新闻 ", '<a href="https://gov.example/新闻" rel="noopener">a</a>'),
        ("mailto:invest@example.org", '<a href="mailto:invest@example.org" rel="noopener">a</a>'),
        ("/en/news/", '<a href="/en/news/">a</a>'),
        ("javascript:alert(1)", "a"),
        ("java\tscript:alert(1)", "a"),
        ("&#106;avascript:alert(1)", "a"),
        ("data:text/html,x", "a"),
        ("vbscript:x", "a"),
        ("file:///etc/passwd", "a"),
        ("//evil.example/", "a"),
        ("/\t/evil.example/", "a"),
        ("https:evil.example", "a"),
        ("https://[bad", "a"),
        ("https://gov.example:99999/", "a"),
        ("mailto:nobody", "a"),
        ("#_ftn1", "a"),
        ("page.htm", "a"),
        ("", "a"),
        (f"https://gov.example/{'a' * 2000}", "a"),
    ],
)
def test_links_lead_to_pages_to_mail_and_to_paths_of_this_site(href, link):
    assert clean_prose(f'<a target=_blank onclick=x href="{href}">a</a>') == f"<p>{link}</p>"


def test_a_link_cannot_break_out_of_its_address():
    assert clean_prose("""<a href='/"><img src=x onerror=y>'>a</a>""") == "<p>'&gt;a</p>"
    assert clean_prose("""<a href='/&quot;&lt;x&gt;`\\'>a</a>""") == '<p><a href="/%22%3Cx%3E%60%5C">a</a></p>'


# --- Other programs ---------------------------------------------------------------------------------------------------


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Word 15">
<style><!-- p.MsoNormal {font-family:"Calibri",sans-serif;} --></style></head><body lang=ZH-CN><!--StartFragment-->
<h1><span lang=EN-US>2024</span>年签约<span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:21.0pt'><b style='mso-bidi-font-weight:normal'><span lang=EN-US
style='font-size:12.0pt'>26</span></b><span style='font-family:宋体'>个项目，
总投资超<span lang=EN-US>60</span>亿元。</span><span lang=EN-US><o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US
style='font-family:Wingdings'><span style='mso-list:Ignore'>n<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>细胞产业</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>n</span>合成生物</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.&nbsp;</span>北上海</p>
<st1:place w:st="on"><font face="Calibri" color="#FF0000">上海</font></st1:place><!--EndFragment--></body></html>"""

FROM_WORD = """<h2>2024年签约</h2>

<p><strong>26</strong>个项目，总投资超60亿元。</p>

<ul><li>细胞产业</li>
<li>合成生物</li></ul>

<ol><li>北上海</li></ol>

<p>上海</p>"""

WECHAT = """<section style="margin: 0px; max-width: 100%; letter-spacing: 0.544px;" data-tools="135编辑器">
<section><span style="font-weight: bold;">签约</span><span style="font-weight:400">
<b style="font-weight:normal">仪式</b>
</span></section><p style="text-align: center;"><img class="rich" data-src="https://mmbiz.example/0"><br>
</p><p><span leaf="">11月15日</span>，<em style="font-style: normal;">大会</em>
<span style="font-style:italic">开幕</span>。
</p></section>"""


def test_a_paste_from_word_keeps_its_words_headings_lists_and_emphasis():
    assert clean_prose(WORD) == FROM_WORD


def test_a_paste_from_wechat_keeps_what_its_styles_mean():
    assert clean_prose(WECHAT) == "<p><strong>签约</strong>仪式</p>\n\n<p>11月15日，大会<em>开幕</em>。</p>"


# --- Whatever comes ---------------------------------------------------------------------------------------------------


TAGS = (
    *(
        "p",
        "h1",
        "h2",
        "h4",
        "div",
        "ul",
        "ol",
        "li",
        "blockquote",
        "b",
        "strong",
        "i",
        "em",
        "a",
        "span",
        "br",
        "table",
    ),
    *("tr", "td", "script", "style", "section", "o:p", "svg", "img", "form"),
)
PIECES = st.one_of(
    st.sampled_from([f"<{end}{tag}>" for tag in TAGS for end in ("", "/")]),
    st.sampled_from(
        [
            *(
                "<a href='https://a.example/?b=1&c'>",
                '<a href="/en/">',
                "<a href=javascript:x>",
                "<a href='http://a:b'>",
            ),
            *("<b style='font-weight:normal'>", "<span style=font-weight:bold>", "<span style='font-style:italic'>"),
            *(
                "<p style='mso-list:l0'>",
                "<span style='mso-list:ignore'>",
                "<",
                ">",
                "<!--",
                "-->",
                "'",
                '"',
                "&",
                "&lt;",
            ),
            *("&nbsp;", "&#60;p&#62;", "&amp;amp;", "\n\n", "\n", " ", "\u3000", "生物", "医药", "a", "1."),
        ]
    ),
    st.text(max_size=4),
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_whatever_comes_is_cleaned_once_and_for_all(text):
    cleaned = clean_prose(text)

    strictly = nh3.clean(
        cleaned,
        tags={"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "a", "strong", "em", "br"},
        attributes={"a": {"href", "rel"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    assert clean_prose(cleaned) == cleaned == strictly
    assert nh3.clean_text(text_of(cleaned)) == nh3.clean_text(text_of(text))


@given(st.text(alphabet="ab生物\n >&;'\"/#"))
def test_plain_text_that_was_cleaned_makes_the_same_paragraphs_again(text):
    cleaned = clean_prose(text)

    assert clean_prose(text_of(cleaned)) == cleaned


@pytest.mark.parametrize(
    "piece",
    ["<b>", "<ul><li>", "<", "<!--", '<a "', "<p '", "&#", "&amp", "<blockquote>", "<script>", "<i x=1><p>", "\n "],
)
def test_broken_tags_in_any_number_take_little_time(piece):
    text = piece * (LONGEST // len(piece))
    began = time.process_time()

    clean_prose(text)

    assert time.process_time() - began < 2  # seconds; a reading that looks back would take many minutes


# --- Storing ----------------------------------------------------------------------------------------------------------


HOSTILE = "<p onclick=x>签约<script>alert(1)</script></p><p></p>"
CLEAN = "<p>签约</p>"


def stored(record):
    return Announcement.objects.values_list("body_zh_hans", flat=True).get(pk=record.pk)


def test_a_text_is_cleaned_whichever_way_it_is_saved(db):
    saved = announcement(body_zh_hans=HOSTILE)
    other = announcement()

    saved_by_bulk_create = Announcement(slug="bulk", announced_on="2024", title_en="Bulk", body_zh_hans=HOSTILE)
    Announcement.objects.bulk_create([saved_by_bulk_create])
    Announcement.objects.filter(pk=other.pk).update(body_zh_hans=HOSTILE)
    updated = stored(other)
    other.body_zh_hans = HOSTILE + "<h1>"
    Announcement.objects.bulk_update([other], ["body_zh_hans"])

    ways = [saved, saved_by_bulk_create]
    assert [record.body_zh_hans for record in ways] == [stored(record) for record in ways] == [CLEAN, CLEAN]
    assert (updated, stored(other)) == (CLEAN, CLEAN)


UID = "6f0c7c1e-9d5c-4a57-9a4e-3a6d0f8f7d11"


def test_a_text_from_a_fixture_is_cleaned(db):
    fixture = [
        {
            "model": "events.announcement",
            "fields": {"uid": UID, "slug": "a", "title_en": "A", "announced_on": "2024", "body_zh_hans": HOSTILE},
        }
    ]

    for loaded in deserialize("python", fixture):
        loaded.save()

    assert (loaded.object.body_zh_hans, stored(loaded.object)) == (CLEAN, CLEAN)


def test_the_history_of_a_record_holds_the_cleaned_text(db):
    record = announcement(body_zh_hans=HOSTILE)

    assert record.history.latest().body_zh_hans == CLEAN


def test_a_stored_text_is_found_by_any_way_of_writing_it(db):
    record = announcement(body_en="Hall A\nHall B")

    assert Announcement.objects.get(body_en="<p>Hall A<br>Hall B") == record


@pytest.mark.parametrize("text", ["a" * LONGEST, "<b></b>" * LONGEST_READ, "&lt;" * LONGEST])
def test_a_text_too_long_to_be_read_is_refused_in_every_way(db, text):
    record = announcement(body_en="Before")
    began = time.process_time()

    for save in (
        lambda: Announcement(body_en=text).full_clean(),
        lambda: announcement(body_en=text),
        lambda: Announcement.objects.update(body_en=text),
    ):
        with (
            pytest.raises(ValidationError, match=r"too long: [0-9,]+ characters.* 50,000 are the most"),
            transaction.atomic(),
        ):
            save()

    record.refresh_from_db()
    assert (record.body_en, Announcement.objects.count()) == ("<p>Before</p>", 1)
    assert time.process_time() - began < 5


def test_a_text_may_be_as_long_as_is_said(db):
    text = f"<p>{'字' * (LONGEST - len('<p></p>'))}</p>"

    assert announcement(body_zh_hans=text).body_zh_hans == text


def test_migrations_know_of_a_text_and_nothing_more():
    _name, path, _arguments, options = Announcement._meta.get_field("body_en").deconstruct()

    assert (path, options.keys()) == ("django.db.models.TextField", {"blank", "verbose_name"})


# --- On a page --------------------------------------------------------------------------------------------------------


def rendered(record, fact, arguments="", **context):
    template = Template(f"{{% prose record fact {arguments} %}}")
    return template.render(Context({"record": record, "fact": fact, **context}))


def test_a_text_is_cleaned_again_when_it_is_shown(db):
    record = announcement()
    Announcement.objects.filter(pk=record.pk).update(
        body_en=Value("<p>a<script>alert(1)</script><b onclick=x>b</b></p>")
    )
    record.refresh_from_db()

    assert "<script>" in record.body_en  # an expression goes past the field
    assert rendered(record, "body") == '<div class="prose"><p>a<strong>b</strong></p></div>'


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<p>a</p><p><b>b</b></p>", "<p>a</p>\n\n<p><strong>b</strong>[1]</p>"),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li>a\n<ul><li>b[1]</li></ul></li></ul>"),
        ("<blockquote>a</blockquote>", "<blockquote><p>a[1]</p></blockquote>"),
        ("a", "<p>a[1]</p>"),
    ],
)
def test_the_markers_of_its_sources_stand_after_the_last_words(html, marked):
    assert as_html(html, markers="[1]") == marked


def test_the_markers_of_a_page_lead_to_its_sources(db, client):
    record = announcement(body_en="<p>One</p><ul><li>Two</li></ul>")
    cite(record, fact="body")

    html = client.get(record.get_absolute_url()).content.decode()

    assert '<li>Two<sup class="cite"><a href="#source-1"' in html


def test_under_a_heading_headings_are_lower():
    html = rendered(
        Organization(description_en="<h1>a</h1><h2>b</h2><p>c</p><h4>d</h4>"), "description", "headings_from=3"
    )

    assert html == '<div class="prose"><h3>a</h3>\n\n<h4>b</h4>\n\n<p>c</p>\n\n<h5>d</h5></div>'


def test_a_text_in_the_other_language_says_so():
    record = Announcement(body_zh_hans="<p>签约</p>")

    assert rendered(record, "body") == (
        '<p class="fallback-label">Available in Simplified Chinese only</p>'
        '<div class="prose" lang="zh-Hans"><p>签约</p></div>'
    )


def test_short_texts_stay_plain_whatever_is_typed_into_them():
    record = Organization(summary_en="<b>a</b> & b\nc\n\nd")

    assert rendered(record, "summary") == '<div class="prose"><p>&lt;b&gt;a&lt;/b&gt; &amp; b c</p><p>d</p></div>'


# --- In plain words ---------------------------------------------------------------------------------------------------


def test_without_its_markup_a_text_keeps_its_shape():
    html = clean_prose("<h2>R&amp;D</h2><p>a <b>b</b><br>c</p><ul><li>d<li>e <a href='/en/'>f</a></ul>g")

    assert text_of(html) == "R&D\n\na b\nc\n\nd\ne f\n\ng"


def test_which_texts_may_have_markup():
    assert is_prose(Organization, "description")
    assert is_prose(Organization, "description_zh_hans")
    assert not is_prose(Organization, "summary")
    assert not is_prose(Organization, "no such text")


def test_plain_words_know_their_language():
    record = Organization(description_zh_hans="<p>港</p>", summary_en="a < b <i>")

    words = in_plain_words(record, "description")

    assert (words, words.language, type(words)) == ("港", "zh-hans", TextIn)
    assert in_plain_words(record, "summary") == "a < b <i>"
    assert in_plain_words(Organization(), "description") == ""


def test_a_record_introduces_itself_without_markup():
    record = Announcement(title_en="Hub", body_en="<h2>Unveiled</h2><p>The <b>hub</b> for R&amp;D opened.</p>")

    assert isinstance(record, Introduced)
    assert record.gist == "Hub: Unveiled The hub for R&D opened."


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("R&D", True),
        ("签约金额", True),
        ("a < b", True),
        ("TWO THREE", False),
        *((word, False) for word in ("strong", "href", "noopener", "gov.example", "<p>", "&amp;", "amp", "li>")),
    ],
)
def test_words_are_found_across_emphasis_and_never_in_tags(db, words, is_found):
    record = organization(
        name_en="Park",
        description_en="<p>R&amp;D; a &lt; b</p><ul><li>two</li><li>three</li></ul><a href='https://gov.example/'>q</a>",
        description_zh_hans="<p><strong>签约</strong>金额</p>",
    )

    found = Organization.objects.filter(Q(description_en__icontains=words) | Q(description_zh_hans__icontains=words))

    assert list(found) == ([record] if is_found else [])


def test_an_excerpt_has_no_markup():
    record = Organization(name_en="Park", description_en="<p>The <b>vaccine</b> plant &amp; more</p>")

    assert excerpt_of(record, ["vaccine"]) == "The vaccine plant & more"


PAGES = [
    "/{language}/search/?q=notable",
    "/{language}/news/",
    "/{language}/news/{slug}/",
    "/{language}/indicators/{indicator}/",
    "/{language}/indicators/{indicator}.csv",
    "/{language}/indicators/{indicator}.json",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_tag_is_ever_visible(db, client, language):
    text = "<h2>Notable</h2><p>A <strong>notable</strong> hub</p><ul><li>one</li></ul>"
    texts = {f"{name}_{code}": text for name in ("body", "definition") for code in ("en", "zh_hans")}
    news = announcement(**{name: text for name, text in texts.items() if name.startswith("body")})
    figure = indicator(**{name: text for name, text in texts.items() if name.startswith("definition")})
    addresses = [page.format(language=language, slug=news.slug, indicator=figure.slug) for page in PAGES]

    with translation.override(language):
        answers = {address: client.get(address) for address in addresses}

    seen = {address: b"".join(answer).decode() for address, answer in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [address for address, body in seen.items() if "&lt;strong" in body or "&lt;p&gt;" in body] == []
    assert [address for address, body in seen.items() if "." in address and "<strong" in body] == []
