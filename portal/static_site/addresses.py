"""Which addresses are published, and in which file each lies.

What is known by itself begins the walk (sitemap, datasets, what programs look for); what the answers link to follows.
An address with a query is published where it is a page of its own: one filter, a page of a list, or both.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from portal import icons
from portal.api import package
from portal.api.resources import all_resources
from portal.downloads.responses import CONTENT_TYPES
from portal.static_site.content_types import ENDINGS, ending_for, ending_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
PUBLISHED_QUERY = r"[a-z_]+=[A-Za-z0-9_-]+(?:&page=[0-9]+)?"  # nginx holds what visitors send against it, too
MARK = "="  # in the name of a file that is not called like its address; no published path has it

_QUERY = re.compile(PUBLISHED_QUERY)
_LINKS = {
    "html": re.compile(r'\s(?:href|src|srcset|poster|content)="([^"]+)"'),
    "xml": re.compile(r'href="([^"]+)"|<(?:image:)?loc>([^<]+)<'),
    "css": re.compile(r'url\("?([^")]+)"?\)'),
    "manifest+json": re.compile(r'"src": ?"([^"]+)"'),
}


def first_addresses() -> Iterator[str]:
    """What is published whether or not a page links to it."""
    yield from (f"/{code}/" for code in LANGUAGES)
    yield from (reverse(name) for name in ("sitemap_index", "robots", "favicon", "apple_touch_icon"))
    yield from (reverse("icon", args=[name]) for name in icons.ICONS)
    yield from (reverse("api"), reverse("api_description"))
    yield from (reverse("data_file", args=[part.file_name]) for part in package.parts())
    yield from (reverse("data_file", args=[name]) for name in ("portal.zip", "datapackage.json", "catalog.jsonld"))
    for resource in all_resources():
        name = resource.file_name or resource.name
        yield from (f"/{code}/{name}.{file_format}" for code in LANGUAGES for file_format in CONTENT_TYPES)
        yield resource.path
        yield from (f"{resource.path}/{form.name}" for form in resource.also)
        for record in resource.loaded(resource.records()).iterator(chunk_size=500):
            yield urlsplit(resource.address_of(record)).path
    hashed = getattr(staticfiles_storage, "hashed_files", {})
    yield from (f"/{settings.STATIC_URL.strip('/')}/{name}" for name in dict.fromkeys(hashed.values()))


def links_in(body: bytes, content_type: str, address: str) -> set[str]:
    """The addresses of this site that an answer links to, those that are never published left out."""
    kind = content_type.partition(";")[0].rpartition("/")[2]
    pattern = _LINKS.get("xml" if kind.endswith("xml") and kind != "svg+xml" else kind)
    if pattern is None:
        return set()
    found = set()
    for match in pattern.finditer(body.decode()):
        written = unescape(next(filter(None, match.groups())))
        if match.re is _LINKS["html"] and match[0].lstrip().startswith(("srcset", "content")):
            links = [each.split()[0] for each in written.split(",") if each.strip()]
            links = [each for each in links if each.startswith(("/", settings.SITE_URL))]
        else:
            links = [written]
        found.update(filter(None, (_address(link, address) for link in links)))
    return found


def _address(link, base) -> str | None:
    """`link` on the page at `base` as a path with a query; None where it leads elsewhere or is never published."""
    try:
        parts, own = urlsplit(urljoin(settings.SITE_URL + base, link.strip())), urlsplit(settings.SITE_URL)
    except ValueError:  # what people write as a link
        return None
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    path = parts.path or "/"
    if path == "/" or path.startswith((f"/{settings.ADMIN_PATH}", "/preview/")):
        return None
    if not parts.query:
        return path
    is_page = path.endswith("/") and path.startswith(tuple(f"/{code}/" for code in LANGUAGES))
    return f"{path}?{parts.query}" if is_page and _QUERY.fullmatch(parts.query) else None


def file_of(address, content_type) -> str:
    """The name of the file of `address` under the root of the site. Its ending says the content type; where that of the
    address does not, there is one more."""
    path, _, query = address.partition("?")
    name, ending = unquote(path).lstrip("/"), ending_for(content_type)
    if name.endswith("/"):
        return f"{name}index{MARK}{query}.{ending}" if query or ending != "html" else f"{name}index.html"
    return name if ending_of(name) == ending else f"{name}{MARK}.{ending}"


def usual_file_of(address) -> str:
    """The same as nginx knows it without being told: pages are HTML, what has no ending is JSON."""
    has_ending = "." in address.rpartition("/")[2]
    if address.endswith("/"):
        return file_of(address, ENDINGS["html"])
    return unquote(address).lstrip("/") if has_ending else file_of(address, ENDINGS["json"])


def can_be_a_file(address) -> bool:
    """Whether the address can stand as a file name, and as a line of nginx's configuration."""
    path = unquote(address.partition("?")[0])
    parts = path.split("/")[1:]
    is_safe = all(part not in (".", "..") and len(part.encode()) < 200 for part in parts) and "" not in parts[:-1]
    return is_safe and re.search(r'[\x00-\x1f\x7f"\\$;{}=]', path) is None
