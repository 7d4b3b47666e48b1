"""What nginx must know to hand out a release as the application would: which file answers an address, with which
headers, and where pages have moved to. Two files, both read by deploy/nginx_static.conf:

    maps.conf      for the http block: one `map` for each question
    headers.conf   for the location of the files: the headers, and the content types

`$portal_address`, which the server block sets, is the path that was asked for: `$uri` becomes that of the file.
A header is usually the same for all addresses of one kind ("en/": English pages, "en.csv": English tables), so the maps
name the kinds, and one by one only the addresses that differ. What all addresses share stands in headers.conf itself:
nginx looks into a map anew for each request.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import unquote

from django.conf import settings

from portal.desk import previews
from portal.static_site.addresses import LANGUAGES, MARK, PUBLISHED_QUERY, file_of, usual_file_of
from portal.static_site.content_types import ending_for, ending_of
from portal.static_site.moves import rules_of_moves

# nginx makes these by itself, from the file.
OWN = {"content-type", "content-length", "etag", "last-modified", "vary", "date", "expires", "connection"}
ROOTS = "|".join(LANGUAGES)


class NotSayableError(ValueError):
    """A value that nginx's configuration has no way to write."""


def files(published, moved, error_headers) -> Iterator[tuple[str, str]]:
    """The names and texts of the two files, and of one for the error pages."""
    headers = {each.address: _kept(each) for each in published if "?" not in each.address}
    names = sorted({name for each in headers.values() for name in each})
    values = {name: _value_and_maps(name, headers) for name in names}
    maps = [*_first_maps(), _files(published), *(each for _value, needed in values.values() for each in needed)]
    yield "maps.conf", "\n".join([*maps, rules_of_moves(moved)])
    lines = [f"add_header {name} {value};" for name, (value, _maps) in values.items()]
    yield "headers.conf", "\n".join([*lines, _types(published), ""])
    kept = {name: value for name, value in error_headers.items() if name.lower() not in OWN | {"content-language"}}
    yield (
        "error_headers.conf",
        "".join(f"add_header {name} {quoted(_steady(value))} always;\n" for name, value in kept.items()),
    )


def _kept(visit) -> dict[str, str]:
    kept = {name: _steady(value) for name, value in visit.headers.items() if name.lower() not in OWN}
    return kept | ({"Vary": "Accept"} if visit.for_browsers else {})


def _steady(value) -> str:
    """The value in one order: each process writes the parts of a content security policy in its own."""
    return "; ".join(sorted(value.split("; "))) if "'none'" in value else value


# --- What is asked for ------------------------------------------------------------------------------------------------


def _first_maps() -> Iterator[str]:
    """Who asks, what of the query belongs to the address, and of which kind the address is."""
    cookies = "|".join((settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, previews.COOKIE))
    yield _map("$request_method", "$portal_is_read", "0", {"GET": "1", "HEAD": "1"})
    yield _map("$http_cookie", "$portal_is_known", "0", {f"~(?:^|;\\s*)(?:{cookies})=": "1"})
    yield "# 1: answered by the application, whatever the address (staff, previews, everything but reading)"
    yield _map("$portal_is_read$portal_is_known", "$portal_is_dynamic", "1", {"10": "0"})
    yield "# The language of the browser, as far as it needs no arithmetic: the first of ours that it names"
    others = {code: code.partition("-")[0] for code in LANGUAGES[1:]}
    first = "|".join(code.partition("-")[0] for code in LANGUAGES)
    rules = {f"~*^(?:(?!\\b(?:{first})\\b).)*\\b{begins}\\b": code for code, begins in others.items()}
    yield _map("$http_accept_language", "$portal_language", LANGUAGES[0], rules)
    rules = {f"~^/{code}(?:/|$)": code for code in LANGUAGES}
    yield _map("$portal_address", "$portal_language_of_page", "$portal_language", rules)
    rules = {'""': '""', f"~^(?<portal_asked>{PUBLISHED_QUERY})$": f"{MARK}$portal_asked"}
    yield "# No other query than one of this form becomes a part of the name of a file"
    yield _map("$args", "$portal_query", f"{MARK}/", rules)
    rules = {
        r"~^/(?<portal_root_1>[^/]+)/(?:.*/)?$": "$portal_root_1/",
        r"~^/(?<portal_root_2>[^/]+)/(?:.*/)?[^/]*\.(?<portal_ending>[^/.]+)$": "$portal_root_2.$portal_ending",
        r"~^/(?<portal_root_3>[^/]+)/(?:.*/)?[^/.]+$": "$portal_root_3",
    }
    yield _map("$portal_address", "$portal_kind", '""', rules)


def kind_of(address) -> str:
    """The kind of an address, as `$portal_kind` has it."""
    root, slash, rest = address.removeprefix("/").partition("/")
    if not slash:
        return ""
    if address.endswith("/"):
        return f"{root}/"
    last = rest.rpartition("/")[2]
    return f"{root}.{last.rpartition('.')[2]}" if "." in last else root


def _files(published) -> str:
    """The file of each address. What could be taken for one, but is the name of a file, is no address; for whoever the
    application answers, nothing has one."""
    no_file = f"/{MARK}/"
    rules = {
        rf"~(?:{MARK}|/index\.html$|\.gz$|//)": no_file,
        r"~^(?<portal_folder>.*/)$": "${portal_folder}index$portal_query.html",
        r"~^(?<portal_name>.*/[^/.]+)$": f"${{portal_name}}{MARK}.json$portal_query",
    }
    special, for_browsers = {}, {}
    for each in published:
        path = unquote(each.address)
        if "?" not in each.address and each.file != usual_file_of(each.address):
            special[path] = f"/{each.file}$portal_query"
        if each.for_browsers:
            for_browsers[path] = f"/{file_of(each.address, each.for_browsers)}$portal_query"
    reader = _map("$http_accept", "$portal_reader", '""', {"~text/html": "browser"})
    usual = _map("$portal_address", "$portal_usual_file", "$uri$portal_query", {**special, **rules})
    other = _map("$portal_address", "$portal_browser_file", "$portal_usual_file", for_browsers)
    readers = {"0": "$portal_usual_file", "0browser": "$portal_browser_file"}
    file = _map("$portal_is_dynamic$portal_reader", "$portal_file", no_file, readers)
    return "\n".join([reader, usual, other, file])


# --- Headers ----------------------------------------------------------------------------------------------------------


def _value_and_maps(name, headers) -> tuple[str, list[str]]:
    """The value of one header as nginx reads it, and the maps that it is looked up in: what addresses of a kind usually
    have, and which differ."""
    of_kinds = defaultdict(Counter)
    for address, kept in headers.items():
        of_kinds[kind_of(unquote(address))][kept.get(name, "")] += 1
    usual = {kind: max(sorted(values), key=values.get) for kind, values in of_kinds.items()}
    everywhere = max(sorted(Counter(usual.values())), key=Counter(usual.values()).get)
    kinds = {kind or '""': quoted(value) for kind, value in sorted(usual.items()) if value != everywhere}
    apart = {
        unquote(address): quoted(kept.get(name, ""))
        for address, kept in sorted(headers.items())
        if kept.get(name, "") != usual[kind_of(unquote(address))]
    }
    value, maps = quoted(everywhere), []
    for source, suffix, differing in (("$portal_kind", "_of_kind", kinds), ("$portal_address", "", apart)):
        if differing:
            target = f"$portal_{name.lower().replace('-', '_')}{suffix}"
            maps.append(_map(source, target, value, differing))
            value = target
    return value, maps


def _types(published) -> str:
    """The content types of the files by their endings."""
    types = {}
    for each in published:
        types[ending_of(each.file)] = each.headers["Content-Type"]
        if each.for_browsers:
            types[ending_for(each.for_browsers)] = each.for_browsers
    lines = [f"    {quoted(content_type)} {ending};" for ending, content_type in sorted(types.items())]
    return "\n".join(["types {", *lines, "}"])


# --- Its language -----------------------------------------------------------------------------------------------------


def quoted(text) -> str:
    """`text` as nginx reads it."""
    if "$" in text or any(ord(each) < 32 for each in text):
        raise NotSayableError(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _map(source, target, default, rules) -> str:
    lines = [f"    {_key(key)} {value};" for key, value in rules.items()]
    return "\n".join([f"map {source} {target} {{", f"    default {default};", *lines, "}"])


def _key(key) -> str:
    if key.startswith("~"):
        return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' if "\\" not in key else f'"{key}"'
    return key if key == '""' else quoted(key)
