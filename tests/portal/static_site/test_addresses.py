import pytest

from portal.static_site.addresses import can_be_a_file, file_of, links_in, usual_file_of

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("address", "content_type", "file"),
    [
        ("/en/", HTML, "en/index.html"),
        ("/en/agreements/?year=2024&page=2", HTML, "en/agreements/index=year=2024&page=2.html"),
        ("/en/agreements.csv", "text/csv; charset=utf-8", "en/agreements.csv"),
        (
            "/en/news/feed.json",
            "application/feed+json; charset=utf-8",
            "en/news/feed.json=.application-feed-json-charset-utf-8",
        ),
        ("/api/v1/companies", JSON, "api/v1/companies=.json"),
        ("/api/v1/companies/acme", JSON, "api/v1/companies/acme=.json"),
        ("/api/v1/", JSON, "api/v1/index=.json"),
        ("/media/a%20b.png", "image/png", "media/a b.png"),
    ],
)
def test_an_address_has_a_file_whose_ending_says_what_it_is(address, content_type, file):
    assert file_of(address, content_type) == file


def test_a_list_and_what_lies_beneath_it_are_two_names():
    assert not file_of("/api/v1/companies/acme", JSON).startswith(file_of("/api/v1/companies", JSON) + "/")


@pytest.mark.parametrize("address", ["/en/", "/en/agreements.csv", "/api/v1/companies", "/robots.txt"])
def test_most_files_are_where_nginx_looks_without_being_told(address):
    types = {"": JSON, "csv": "text/csv; charset=utf-8", "txt": "text/plain; charset=utf-8"}
    content_type = HTML if address.endswith("/") else types[address.rpartition("/")[2].partition(".")[2]]

    assert usual_file_of(address) == file_of(address, content_type)


def test_links_of_a_page_are_those_of_this_site():
    page = b"""<a href="/en/news/">x</a> <a href="?page=2">x</a> <a href="#top">x</a> <a href="https://elsewhere.example/">x</a>
      <img src="/covers/a.svg" srcset="/media/a.webp 400w, /media/b.webp 800w"> <a href="mailto:a@portal.example">x</a>
      <meta property="og:image" content="https://portal.example/en/sharing.png"> <meta name="description" content="a/b">
      <a href="/en/agreements/?year=2024&amp;page=2">x</a> <a href="/admin/">x</a> <a href="/">x</a>"""

    assert links_in(page, HTML, "/en/sources/") == {
        *("/en/news/", "/en/sources/?page=2", "/en/sources/", "/covers/a.svg", "/media/a.webp", "/media/b.webp"),
        *("/en/sharing.png", "/en/agreements/?year=2024&page=2"),
    }


@pytest.mark.parametrize(
    ("content_type", "body", "links"),
    [
        ("application/xml", "<loc>https://portal.example/en/</loc>", {"/en/"}),
        ("application/atom+xml; charset=utf-8", '<link href="https://portal.example/en/news/"/>', {"/en/news/"}),
        ("text/css", '@font-face { src: url("../fonts/a.woff2") }', {"/static/fonts/a.woff2"}),
        ("application/manifest+json", '{"icons": [{"src": "/icons/a.png"}]}', {"/icons/a.png"}),
        ("application/json", '{"next": "https://portal.example/api/v1/companies?cursor=x"}', set()),
        ("image/png", '<a href="/en/">', set()),
    ],
)
def test_other_files_link_too(content_type, body, links):
    assert links_in(body.encode(), content_type, "/static/css/site.css") == links


@pytest.mark.parametrize("query", ["a=1&b=2", "about=x%20y", "page=2&page=3&x", "a=../..", "q=%E4%B8%AD", "bom"])
def test_a_query_that_is_more_than_a_filter_and_a_page_is_not_followed(query):
    assert links_in(f'<a href="/en/agreements/?{query}">x</a>'.encode(), HTML, "/en/") == set()


def test_a_file_with_a_query_is_not_followed():
    assert links_in(b'<a href="/en/agreements.csv?year=2024">x</a>', HTML, "/en/") == set()


@pytest.mark.parametrize(
    "address", ["/en/../x", "/en/%2e%2e/x", "/en//x/", "/en/a%00b/", "/en/a%0ab", "/en/$x/", "/en/a=b", "/" + "x" * 250]
)
def test_an_address_that_no_file_may_have_is_refused(address):
    assert not can_be_a_file(address)


def test_an_address_in_another_script_can_be_a_file():
    assert can_be_a_file("/media/%E5%AE%9D%E5%B1%B1.png")
