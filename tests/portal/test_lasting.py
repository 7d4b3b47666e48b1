"""What every page of a language has in common is rendered once: `{% lasting %}`."""

from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils.translation import override

from portal.templatetags.portal import _Lasting


class Counted:
    """Says how often it was asked to appear."""

    def __init__(self):
        self.times = 0

    def __str__(self):
        self.times += 1
        return f"{self.times}"


def rendered(template, **values):
    return template.render(Context(values))


def test_it_is_rendered_once_for_each_set_of_the_values_it_names():
    template, content = Template("{% lasting name colour %}{{ name }} {{ content }}{% endlasting %}"), Counted()

    pages = [
        rendered(template, name=name, colour=colour, content=content)
        for name, colour in [("a", 1), ("a", 1), ("b", 1), ("a", 2), ("b", 1)]
    ]

    assert pages == ["a 1", "a 1", "b 2", "a 3", "b 2"]


def test_each_language_and_each_mount_point_has_its_own():
    template = Template("{% lasting %}{% translate 'News' %} {% url 'events:news' %}{% endlasting %}")
    english = rendered(template)
    with override("zh-hans"):
        chinese = rendered(template)
    try:
        set_script_prefix("/portal/")
        mounted = rendered(template)
    finally:
        set_script_prefix("/")

    assert (english, chinese, mounted) == ("News /en/news/", "动态 /zh-hans/news/", "News /portal/en/news/")
    assert rendered(template) == english


def test_what_stands_outside_is_rendered_each_time():
    template, content = Template("{{ page }}{% lasting %}{{ content }}{% endlasting %}{{ page }}"), Counted()

    assert [rendered(template, page=page, content=content) for page in "xy"] == ["x1x", "y1y"]


def test_what_is_named_is_escaped_as_ever():
    template = Template("{% lasting name %}{{ name }}{% endlasting %}")

    assert [rendered(template, name="<b>") for _ in range(2)] == ["&lt;b&gt;"] * 2


def test_it_does_not_grow_with_the_values_it_is_asked_for():
    template = Template("{% lasting name %}{{ name }}{% endlasting %}")
    (lasting,) = template.nodelist.get_nodes_by_type(_Lasting)

    pages = [rendered(template, name=name) for name in range(2 * _Lasting.MOST + 1)]

    assert pages == [str(name) for name in range(2 * _Lasting.MOST + 1)]
    assert len(lasting.rendered) <= _Lasting.MOST
