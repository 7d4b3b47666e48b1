"""What pages say of themselves to programs, read back and held against schema.org and what search engines ask for.

`schemas/schema_org.json` is an extract of the vocabulary (as schema-dts 2.1.0 has it): the types that the portal
uses with those above them, and for each property the types it belongs to and what its values are.
"""

import json
import re
from pathlib import Path

VOCABULARY = json.loads((Path(__file__).parent / "schemas" / "schema_org.json").read_text())
TYPES, PROPERTIES, VALUES = (VOCABULARY[name] for name in ("types", "properties", "values"))

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def graph_in(html) -> list[dict]:
    """The graph of a page, which has exactly one."""
    [block] = BLOCK.findall(html)
    document = json.loads(block)
    assert document.keys() == {"@context", "@graph"}
    assert document["@context"] == "https://schema.org"
    return document["@graph"]


def graph_of(client, path) -> list[dict]:
    response = client.get(path)
    assert response.status_code == 200, path
    return graph_in(response.content.decode())


def only(kind, graph) -> dict:
    """The one node of a type at the top of a graph."""
    [found] = [node for node in graph if node["@type"] == kind]
    return found


def nodes_in(value):
    """Every node in a graph, however deep."""
    if isinstance(value, dict):
        if "@value" not in value:
            yield value
        for each in value.values():
            yield from nodes_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes_in(each)


# --- schema.org -------------------------------------------------------------------------------------------------------


def with_those_above(kind) -> set[str]:
    return {kind}.union(*(with_those_above(above) for above in TYPES[kind]))


def complaints(graph) -> list[str]:
    """What schema.org does not know in `graph`: types, properties of a type, values of a property."""
    return [complaint for node in nodes_in(graph) for complaint in _complaints(node)]


def _complaints(node):
    kind = node.get("@type")
    if kind is None:
        if node.keys() != {"@id"}:
            yield f"a node without a type: {sorted(node)}"
        return
    if kind not in TYPES:
        yield f"no such type: {kind}"
        return
    for name, value in node.items():
        if name.startswith("@") or name == "query-input":  # how an action is asked for, not a property
            continue
        belongs = kind == "Role" or with_those_above(kind) & set(PROPERTIES.get(name, {"of": []})["of"])
        if name not in PROPERTIES or not belongs:  # a role has the property that it stands in
            yield f"{kind} has no {name}"
            continue
        for each in value if isinstance(value, list) else [value]:
            if not _is_of(each, name):
                yield f"{name} of {kind} cannot be {each!r}"


def _is_of(value, name) -> bool:
    kinds = PROPERTIES[name]["is"]
    if isinstance(value, bool):
        return "Boolean" in kinds
    if isinstance(value, int | float):
        return bool({"Number", "Integer"} & set(kinds))
    if isinstance(value, dict):
        if "@value" in value:
            return "Text" in kinds and value.keys() == {"@value", "@language"}
        return "@type" not in value or value["@type"] == "Role" or bool(with_those_above(value["@type"]) & set(kinds))
    if not value or value != value.strip():
        return False
    checks = {
        "Text": lambda: True,
        "Date": lambda: DAY.fullmatch(value),
        "DateTime": lambda: MOMENT.fullmatch(value),
        "URL": lambda: WEB_ADDRESS.fullmatch(value),
        "Thing": lambda: name == "item" and WEB_ADDRESS.fullmatch(value),  # as search engines document it
        **{kind: lambda kind=kind: value in VALUES[kind] for kind in VALUES},
    }
    return any(check() for kind, check in checks.items() if kind in kinds)


# --- What search engines ask for --------------------------------------------------------------------------------------


REQUIRED = {  # as Google documents it for its rich results and its search for datasets
    "Event": ("name", "startDate", "location"),
    "Dataset": ("name", "description"),
    "BreadcrumbList": ("itemListElement",),
    "WebSite": ("name", "url"),
    "Organization": ("name",),
    "Person": ("name",),
    "Article": ("headline",),
    "SearchAction": ("target", "query-input"),
    "ImageObject": ("contentUrl", "creditText"),
}


def lacking(graph) -> list[str]:
    """What search engines ask for and `graph` does not say."""
    found = []
    for node in nodes_in(graph):
        kind = node.get("@type")
        for each in with_those_above(kind) & set(REQUIRED) if kind in TYPES and kind != "EventSeries" else ():
            found += [f"{kind} without {name}: {node.get('@id')}" for name in REQUIRED[each] if name not in node]
        if kind == "Dataset" and not 50 <= len(node["description"]) <= 5000:
            found.append(f"a description of {len(node['description'])} characters: {node['@id']}")
        if kind == "BreadcrumbList":
            found += _trail_lacks(node)
    return found


def _trail_lacks(trail):
    items = trail["itemListElement"]
    if [item["position"] for item in items] != list(range(1, len(items) + 1)) or len(items) < 2:
        yield f"positions of {trail['@id']}"
    for item in items:
        yield from (f"{trail['@id']} without {name}" for name in ("name", "item") if not item.get(name))
