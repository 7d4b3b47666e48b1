"""What templates need to say things properly: language marks, dates, source markers. Built into every template."""

import re

from django import template
from django.template import defaulttags
from django.templatetags import i18n
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from portal.addresses import absolute, path_of
from portal.fields import TextIn
from portal.languages import language_tag
from portal.markup import escaped, filled, side_by_side
from portal.prose import as_html, is_prose
from portal.schema_org import block_of, graph_of
from portal.search.snippets import with_marks

register = template.Library()

# --- Django's own tags, quicker --------------------------------------------------------------------------------------


@register.tag
def translate(parser, token):
    """Django's own; words that depend on nothing but the language are looked up once."""
    node = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_constant = getattr(said.var, "literal", None) is not None and not said.filters
    return _Words(node) if is_constant and not node.asvar and not node.message_context else node


class _Words(template.Node):
    def __init__(self, node):
        self.node, self.words = node, {}

    def render(self, context):
        language = get_language()
        if language not in self.words:
            self.words[language] = self.node.render(context)
        return self.words[language]


@register.tag
def url(parser, token):
    """Django's own; the addresses of public pages are looked up once (`portal.addresses`)."""
    node = defaulttags.url(parser, token)
    return node if node.kwargs else _Address(node.view_name, node.args, node.kwargs, node.asvar)


class _Address(defaulttags.URLNode):
    def render(self, context):
        view = self.view_name.resolve(context)
        if view.startswith("admin:"):  # which of several sites it is depends on the request
            return super().render(context)
        try:
            path = path_of(view, *(each.resolve(context) for each in self.args))
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = path
            return ""
        return conditional_escape(path) if context.autoescape else path


@register.tag
def lasting(parser, token):
    """What stands inside is the same for every page of a language: it is rendered once, and once more for every other
    set of the values that are named, which must be all that it depends on.

        {% lasting site_name section %}...{% endlasting %}
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    content = parser.parse(["endlasting"])
    parser.delete_first_token()
    return _Lasting(content, values)


class _Lasting(template.Node):
    MOST = 100  # sets of values: sections, and the days of data

    def __init__(self, content, values):
        self.content, self.values, self.rendered = content, values, {}

    def render(self, context):
        known = (get_language(), get_script_prefix(), *(each.resolve(context) for each in self.values))
        html = self.rendered.get(known)
        if html is None:
            html = self.content.render(context)
            if len(self.rendered) >= self.MOST:
                self.rendered.clear()
            self.rendered[known] = html
        return html


# --- Words ------------------------------------------------------------------------------------------------------------

_NUMBER_AND_UNIT = re.compile(r"\d[\d.,]*[万亿]?[\u4e00-\u9fff]")


@register.simple_block_tag
def capture(content):
    """What stands inside, as one line: to say a block of a page in several places, name it with `as`."""
    return SafeString(" ".join(content.split()))


@register.filter
def marked(text):
    """Text in its place; where it fell back to another language, with its `lang` and a small label."""
    return _in_its_language(text, str(text)) if isinstance(text, TextIn) else text


@register.filter
def with_whole_numbers(text):
    """The same, and no line ends between a number and its Chinese unit: 428家 and 15日, which nothing else parts."""
    return SafeString(_NUMBER_AND_UNIT.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(text)))


def with_hits(text, words):
    """A text as `marked`, with each of the `words` that were searched for inside `<mark>`."""
    html = with_marks(text, words)
    return _in_its_language(text, html) if isinstance(text, TextIn) else html


@register.filter
def as_hits(results, words):
    """What is shown of each result of a search (`portal.search.results.Result`), for `each`."""
    return [
        {
            "url": result.url,
            "title": with_hits(result.title, words),
            "details": _line('<p class="meta">{}</p>', side_by_side(*map(marked, result.details))),
            "excerpt": _line("<p>{}</p>", with_hits(result.excerpt, words)),
        }
        for result in results
    ]


def _line(markup, text):
    return filled(markup, text) if text else ""


def _in_its_language(text, html):
    return filled(
        '<span lang="{}">{}</span> <span class="fallback-label">{}</span>',
        language_tag(text.language),
        html,
        _("in %(language)s") % {"language": get_language_info(text.language)["name_translated"]},
    )


@register.simple_tag(takes_context=True)
def prose(context, record, fact, headings_from=2):
    """A stored text with its paragraphs, and with its headings, lists and links if it may have any. Its last words end
    with the markers of its sources; where it fell back to another language, it has its `lang` and a small label. What
    stands under an h2 asks for `headings_from=3`."""
    text = getattr(record, fact)
    markers = cite(context, record, fact) if "bibliography" in context else ""
    if is_prose(type(record), fact):
        html = as_html(text, markers=markers, headings_from=headings_from)
    else:
        html = _paragraphs(text, markers)
    if not isinstance(text, TextIn):
        return filled('<div class="prose">{}</div>', html)
    return filled(
        '<p class="fallback-label">{}</p><div class="prose" lang="{}">{}</div>',
        _("Available in %(language)s only") % {"language": get_language_info(text.language)["name_translated"]},
        language_tag(text.language),
        html,
    )


def _paragraphs(text, markers):
    """A text without markup: blank lines part its paragraphs."""
    *others, last = [" ".join(part.split("\n")) for part in re.split(r"\n\s*\n", normalize_newlines(text).strip())]
    return SafeString("".join([*(filled("<p>{}</p>", part) for part in others), filled("<p>{}{}</p>", last, markers)]))


@register.filter
def day(partial_date):
    """A partial date in words, inside `<time>`."""
    if not partial_date:
        return ""
    return filled('<time datetime="{}">{}</time>', partial_date, partial_date.words)


@register.simple_tag(takes_context=True)
def cite(context, record, fact=""):
    """The numbered markers of the sources of one fact, leading to the list of sources on the page."""
    return cited(context["bibliography"], record, fact)


def cited(bibliography, record, fact="") -> SafeString | str:
    """The same, as they are numbered in `bibliography`."""
    entries = bibliography.markers(record, fact)
    if not entries:
        return ""
    word = _("Source")
    links = (filled('<a href="#source-{0}" aria-label="{1} {0}">{0}</a>', each.number, word) for each in entries)
    return SafeString(f'<sup class="cite">{"".join(links)}</sup>')


@register.simple_tag(takes_context=True)
def linked_data(context):
    """What the page says of itself to programs (`portal.schema_org`)."""
    return block_of(graph_of(context))


@register.filter
def as_subscription(path):
    """The address of the calendar at `path` under which calendar programs offer to follow it."""
    return f"webcal://{absolute(path).partition('://')[2]}"


@register.filter
def initials(name):
    """One or two letters that stand for a name where there is no picture: ZJ for Zhai Jinguo, 翟 for 翟金国."""
    words = str(name).split()
    if not words:
        return ""
    return words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]


@register.filter
def tag_of(language_code):
    """The spelling of a language tag in HTML: zh-Hans."""
    return language_tag(language_code)


@register.simple_block_tag
def each(content, rows):
    """What stands inside once for each of `rows` (mappings), every {name} in it filled in. For lists of hundreds: it
    takes a tenth of the time of `for`. What stands inside may have no other braces."""
    return SafeString("".join(content.format(**{name: escaped(value) for name, value in row.items()}) for row in rows))
