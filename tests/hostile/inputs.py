"""What is sent: values that have broken other sites, and requests that no browser makes.

Whatever holds MARK must come back escaped or not at all; CALCULATED is what a template engine would make of some.
"""

MARK = "h0st1le"
CALCULATED = "h0st49"

_ENDLESS = {
    "a long word": b"a" * 7000,
    "many words": b"ab " * 2400,
    "many Chinese characters": "疫苗".encode() * 1100,
    "many quotation marks": b'"' * 5000,
    "many brackets": b"(" * 5000,
    "many words of logic": b"AND OR NOT " * 600,
    "many stars": b"*" * 5000,
    "many commas": b"," * 5000,
    "marks upon marks": b"z" + "̴̈̊".encode() * 1100,
    "a ligature that becomes eighteen letters": "ﷺ".encode() * 2000,
}

_MARKUP = {
    "an element": b"<h0st1le>",
    "an element after a quotation mark": b'"><h0st1le onerror=alert(1)>',
    "an element after an apostrophe": b"'><h0st1le onerror=alert(1)>",
    "an attribute": b'" h0st1le="1" onfocus="alert(1)" autofocus x="',
    "an attribute after an apostrophe": b"' h0st1le='1' onfocus='alert(1)",
    "the end of a script": b"</script><h0st1le>",
    "the end of a title": b"</title></textarea></style><h0st1le>",
    "a picture": b"<img src=x onerror=h0st1le>",
    "a drawing": b"<svg/onload=h0st1le>",
    "a comment": b"--><h0st1le><!--",
    "character data": b"]]><h0st1le><![CDATA[",
    "a script as an address": b"javascript:h0st1le",
    "a script as an address, hidden": b"java\tscript:h0st1le",
    "data as an address": b"data:text/html,<h0st1le>",
    "escaped already": b"&lt;h0st1le&gt; &#60;h0st1le&#62;",
    "escaped twice": b"%3Ch0st1le%3E",
    "in UTF-7": b"+ADw-h0st1le+AD4-",
    "full width": "＜h0st1le＞".encode(),
    "overlong UTF-8": b"\xc0\xbch0st1le\xc0\xbe",
    "ends of lines of JavaScript": "\u2028<h0st1le>\u2029".encode(),
    "an entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><h0st1le>&e;</h0st1le>",
    "a server side include": b'<!--#exec cmd="id"--><h0st1le>',
    "a template of Django": b"h0st{{ 7|add:42 }}{% debug %}{{ settings.SECRET_KEY }}",
    "a template of others": b"h0st${7*7}{{7*7}}#{7*7}<%= 7*7 %>",
    "a format": b"h0st%(x)s %s %n {0.__class__.__init__.__globals__} {x!r:>9999999999}",
    "a formula": b'=HYPERLINK("http://h0st1le.example")',
}

_QUERIES = {
    "an apostrophe": b"'",
    "always true": b"' OR '1'='1' --",
    "two statements": b"1; DROP TABLE nothing_of_ours; --",
    "a union": b"' UNION ALL SELECT NULL,version()--",
    "a pause of PostgreSQL": b"'||pg_sleep(5)--",
    "a pause of SQLite": b"' AND randomblob(500000000)--",
    "a cast": b"1 AND 1=CAST((version()) AS int)",
    "wildcards": b"%_%_%\\%",
    "a backslash": b"\\",
    "the end of a quotation": b"\\'; --",
    "a dollar quotation": b"$$;--$$",
    "a match of SQLite": b'"a" NEAR("b" "c") ^x {y}: z*',
    "a query of PostgreSQL": b"a & | ! <-> :* ('b",
    "of MongoDB": b'{"$gt": ""}',
    "of LDAP": b"*)(uid=*))(|(uid=*",
    "of XPath": b"' or count(/*)=1 or ''='",
    "a pattern that never ends": b"(a+)+$" + b"a" * 40 + b"!",
    "half a pattern": b"(?P<x>[z-a",
}

_TEXTS = {
    "nothing": b"",
    "a NUL byte": b"\x00",
    "a NUL byte inside": b"a\x00b",
    "no UTF-8": b"\xff\xfe\xfa",
    "half a character": b"\xe4\xb8",
    "half a surrogate": b"\xed\xa0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "no character": "\ufffe\uffff".encode(),
    "a byte order mark": "\ufeffa".encode(),
    "right to left": "\u202eh0st1le\u2066".encode(),
    "of no width": "\u200b\u200d\u2060".encode(),
    "of the astral planes": "💥𒐫𠜎".encode(),
    "a Turkish letter": "İı".encode(),
    "letters that grow": "ŉẞﬃ".encode(),
    "ends of lines": b"a\r\nSet-Cookie: h0st1le=1\r\n\r\n<h0st1le>",
    "ends of lines, escaped": b"a%0d%0aLocation:%20//h0st1le.example",
    "ends of lines of Unicode": "a\u010d\u010aX-h0st1le: 1\x85".encode(),
    "control characters": bytes(range(1, 32)) + b"\x7f",
    "spaces": " \t\u00a0\u3000".encode(),
    "a Boolean": b"true",
    "none": b"null",
    "of Python": b"__class__.__mro__",
    "of JavaScript": b"__proto__[x]",
    "JSON": b'{"a":' * 300,
    "brackets": b"[" * 3000,
    "the shell": b"$(id)`id`;id|id&&id\n",
}

_PATHS = {
    "up": b"../../../../../../etc/passwd",
    "up, of Windows": b"..\\..\\..\\windows\\win.ini",
    "up, escaped twice": b"..%252f..%252f..%252fetc/passwd",
    "up, overlong": b"..\xc0\xaf..\xc0\xafetc/passwd",
    "a file": b"file:///etc/passwd",
    "up, with an ending": b"../../../etc/passwd\x00.csv",
    "elsewhere": b"//h0st1le.example/",
    "elsewhere, of Windows": b"/\\h0st1le.example",
    "elsewhere, without slashes": b"https:h0st1le.example",
    "elsewhere, with a name": b"http://testserver@h0st1le.example/",
    "of the inside": b"http://169.254.169.254/latest/meta-data/",
    "a slash": b"/",
    "dots": b"....//....//",
}

_NUMBERS = {
    **{text: text.encode() for text in ("0", "-1", "-0", "1.5", "+1", "0x10", "1_000", "1e999", "NaN", "Infinity")},
    "four billion": b"4294967296",
    "2 to the 63": b"9223372036854775808",
    "2 to the 64": b"18446744073709551616",
    "five thousand digits": b"9" * 5000,
    "Arabic digits": "١٢٣".encode(),
    "full width digits": "２０２４".encode(),
    "a superscript": "²".encode(),
    "a number between spaces": b" 1 ",
    "no year": b"0000-00-00",
    "a year too many": b"99999-12-31",
    "the last day": b"9999-12-31T23:59:60Z",
    "the thirtieth of February": b"2024-02-30",
    "a year": b"0001",
    "before Christ": b"-0044-03-15",
}

SHORT = {**_MARKUP, **_QUERIES, **_TEXTS, **_PATHS, **_NUMBERS}
VALUES = {**SHORT, **_ENDLESS}

RAW_QUERIES = {  # as they stand after the question mark
    "half an escape": "q=%",
    "no hexadecimal": "q=%zz%u0041%uD800",
    "an escape of an escape": "q=%25%32%35",
    "no name": "=x&=&&&;",
    "no value": "q&page&kind",
    "an array": "q[]=a&q[x]=b&q[__proto__]=c",
    "twice": "q=a&q=b&page=1&page=2&kind=a&kind=b",
    "a thousand times": "&".join(f"p{number}=1" for number in range(990)),
    "more than are read": "&".join("a" for _ in range(4000)),
    "the longest that is read": "q=" + "a" * 8100,
    "longer than is read": "q=" + "a" * 8300,
    "a lookup": "title_en__regex=(&kind__in=a,b&pk__isnull=x&published_at__year=99999",
    "a second question mark": "?q=a?page=2",
    "semicolons": "q=a;page=2;kind=b",
    "bytes": "q=\xff\xfe\x80",
    "tracking": "utm_source=<h0st1le>&gclid='&fbclid=%00&utm_%ff=1",
    "everything": "&".join(f"{name}=%3Ch0st1le%3E" for name in ("q", "page", "kind", "year", "theme", "s", "about")),
}

SEGMENTS = {  # of paths, escaped as a browser would not
    "an element": "%3Ch0st1le%3E",
    "an attribute": "%22%20h0st1le=%221",
    "an apostrophe": "'%20OR%20'1'='1",
    "up": "..%2f..%2f..%2fetc%2fpasswd",
    "up, plainly": "../../../etc/passwd",
    "up, twice": "%252e%252e%252f",
    "a NUL byte": "a%00b",
    "an end of line": "a%0d%0aSet-Cookie:%20h0st1le=1",
    "no UTF-8": "%ff%fe",
    "half a surrogate": "%ed%a0%80",
    "half an escape": "%",
    "a long one": "a" * 3000,
    "Chinese": "疫苗",
    "a template": "%7b%7b7*7%7d%7d",
    "a dot": ".",
    "nothing": "",
    "elsewhere": "/h0st1le.example/%2f..",
    "a number": "-1",
    "a parameter": "main;jsessionid=1",
    "a star": "*",
}

# --- Headers ----------------------------------------------------------------------------------------------------------

_HEADER_VALUES = (
    *("", " ", "h0st1le", "<h0st1le>", '"><h0st1le>', "a" * 6000, ",".join("a" * 2000), "\xff\xfe", "é", "\x00"),
    *(
        "*",
        '"',
        '"a',
        "W/",
        ";q=x",
        "en;q=-1,zh;q=9e9",
        "' OR 1=1--",
        "../../etc/passwd",
        "{{7*7}}",
        "${jndi:ldap://x}",
    ),
    "() { :; }; id",
)
_HEADERS = (
    *("accept", "accept_language", "accept_encoding", "accept_charset", "if_none_match", "if_match", "cookie"),
    *("if_modified_since", "if_unmodified_since", "range", "if_range", "referer", "user_agent", "origin", "te"),
    *("authorization", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_forwarded_port", "forwarded"),
    *("x_real_ip", "x_original_url", "x_rewrite_url", "x_http_method_override", "x_requested_with", "via", "expect"),
    *("content_type", "content_length", "transfer_encoding", "upgrade", "connection", "sec_fetch_site", "host"),
)
HEADERS = [(name, value) for name in _HEADERS for value in _HEADER_VALUES] + [
    *(("host", each) for each in ("evil.example", "testserver:x", "testserver:99999", "testserver@evil.example")),
    *(("host", each) for each in ("testserver, evil.example", "[::1", "[::1]:80", "testserver.", "TESTSERVER", "..")),
    *(("range", f"bytes={each}") for each in ("0-0", "-1", "5-2", "0-,0-,0-", "99999999999-", "a-b", "0-0," * 500)),
    *(("if_modified_since", each) for each in ("Thu, 01 Jan 99999 00:00:00 GMT", "Mon, 31 Feb 2024 25:61:61 GMT", "0")),
    *(("accept_language", each) for each in ("zh" * 3000, "x-" * 300, "zh-hans-" + "a" * 300, "*;q=1,../..;q=.9")),
    *(("cookie", each) for each in ("sessionid=", "sessionid=" + "a" * 4000, "sessionid=<h0st1le>", "preview=a.b.c")),
    *(("cookie", each) for each in ("preview=" + "x" * 4000, "django_language=../..", "csrftoken=<h0st1le>", "=;=;;")),
    *(("cookie", each) for each in ('a="', "sessionid=\xff", "messages=[[", "messages=a:b:c", "a=1; " * 1000)),
    *(("x_forwarded_proto", each) for each in ("https", "http, https", "javascript")),
    *(("content_length", each) for each in ("-1", "99999999999999999999", "1e3", "0x10")),
    *(("accept_encoding", each) for each in ("gzip;q=0", "gzip" * 1000, "br, zstd, x", "identity;q=0, *;q=0")),
]

METHODS = (
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "",
    "<h0st1le>",
    "A" * 900,
)

CONTENT_TYPES = (
    *("", "text/plain", "application/json", "application/xml", "text/html", "multipart/form-data", "x", ";;;"),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "a" * 300, "multipart/mixed; boundary=x"),
    *("multipart/form-data; boundary=\xff", "application/x-www-form-urlencoded; charset=utf-7"),
    *("application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=zlib_codec"),
    *("multipart/form-data; boundary=x; charset=base64", "application/x-www-form-urlencoded; charset=<h0st1le>"),
    *("application/octet-stream", "image/svg+xml", "multipart/form-data; boundary=x"),
)


def parts(*fields, boundary="x") -> bytes:
    """A form in parts, of (headers, content)."""
    pieces = [
        f"--{boundary}\r\n{headers}\r\n\r\n".encode("utf-8", "surrogateescape") + body for headers, body in fields
    ]
    return b"\r\n".join([*pieces, f"--{boundary}--\r\n".encode()])


_FIELD = 'Content-Disposition: form-data; name="message"'
MULTIPART = {
    "no end": parts((_FIELD, b"a"))[:-10],
    "no beginning": b"a\r\n--x--",
    "no headers": b"--x\r\n\r\na\r\n--x--\r\n",
    "a thousand headers": parts(("\r\n".join([_FIELD, *(f"X-{n}: a" for n in range(1000))]), b"a")),
    "a long header": parts((_FIELD + "; x=" + "a" * 20_000, b"a")),
    "too many fields": parts(*((f'Content-Disposition: form-data; name="f{n}"', b"") for n in range(6000))),
    "too many files": parts(*((f'Content-Disposition: form-data; name="f"; filename="{n}"', b"a") for n in range(150))),
    "parts in parts": parts((_FIELD + "\r\nContent-Type: multipart/mixed; boundary=x", parts((_FIELD, b"a")))),
    "base64 that is none": parts((_FIELD + "\r\nContent-Transfer-Encoding: base64", b"!!!")),
    "an unknown encoding": parts((_FIELD + "\r\nContent-Transfer-Encoding: x-uuencode", b"begin 644 a")),
    "a name with ends of lines": parts(('Content-Disposition: form-data; name="a\\r\\nb"', b"a")),
    "a name in RFC 2231": parts(("Content-Disposition: form-data; name*=utf-7''+ADw-", b"a")),
    "a file name in no charset": parts((f"{_FIELD}; filename*=zlib_codec''%78%9c", b"a")),
    "a file name without end": parts((f'{_FIELD}; filename="../../../etc/passwd', b"a")),
    "a text too long": parts((_FIELD, b"a" * 3_000_000)),
}
