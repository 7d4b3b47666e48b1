"""Filters as links (`portal/facets.py`)."""

from portal.facets import facet

OPTIONS = [("a", "Apples", 2), ("b", "Pears", 5), ("c", "Plums", 2)]


def queries(facet):
    return {choice.label: choice.query for choice in facet.choices}


def test_a_choice_adds_its_filter_to_those_that_are_on():
    fruit = facet("fruit", "Fruit", OPTIONS, {"year": "2024"})

    assert queries(fruit) == {"Pears": "year=2024&fruit=b", "Apples": "year=2024&fruit=a", "Plums": "year=2024&fruit=c"}
    assert not fruit.is_active


def test_the_choice_that_is_on_leads_back_and_its_neighbours_take_its_place():
    fruit = facet("fruit", "Fruit", OPTIONS, {"fruit": "a", "year": "2024"})

    assert queries(fruit) == {"Pears": "year=2024&fruit=b", "Apples": "year=2024", "Plums": "year=2024&fruit=c"}
    assert [choice.label for choice in fruit.choices if choice.is_active] == ["Apples"]
    assert fruit.is_active


def test_the_only_filter_leads_back_to_everything():
    [apples] = facet("fruit", "Fruit", OPTIONS[:1], {"fruit": "a"}).choices

    assert apples.query == ""


def test_the_most_frequent_choice_comes_first_and_equals_by_their_value():
    assert [choice.count for choice in facet("fruit", "Fruit", OPTIONS, {}).choices] == [5, 2, 2]
    assert [choice.label for choice in facet("fruit", "Fruit", OPTIONS[::-1], {}).choices] == [
        "Pears",
        "Apples",
        "Plums",
    ]


def test_the_order_can_be_the_callers_own():
    fruit = facet("fruit", "Fruit", OPTIONS, {}, largest_first=False)

    assert [choice.label for choice in fruit.choices] == ["Apples", "Pears", "Plums"]


def test_a_value_is_quoted_in_the_link():
    [choice] = facet("fruit", "Fruit", [("a&b=ä", "Both", 1)], {"q": "生物 & x"}).choices

    assert choice.query == "q=%E7%94%9F%E7%89%A9+%26+x&fruit=a%26b%3D%C3%A4"


def test_a_filter_without_choices_is_not_active():
    assert not facet("fruit", "Fruit", [], {"fruit": "a"}).is_active


def test_the_parameters_of_a_link_have_one_order_and_what_is_kept_stands_last():
    fruit = facet("fruit", "Fruit", OPTIONS, {"year": "2024"}, names=("fruit", "year"), kept=[("view", "table")])

    assert queries(fruit)["Apples"] == "fruit=a&year=2024&view=table"


def test_a_link_beyond_two_filters_is_deep():
    two, three = (facet("fruit", "Fruit", OPTIONS, on) for on in ({"year": "2024"}, {"year": "2024", "size": "s"}))

    assert [{choice.is_deep for choice in each.choices} for each in (two, three)] == [{False}, {True}]


def test_of_very_many_choices_the_largest_are_offered_and_the_one_that_is_on():
    options = [(f"{number:03}", f"Sort {number}", 1000 - number) for number in range(200)]

    shown = [choice.value for choice in facet("fruit", "Fruit", options, {"fruit": "150"}).choices]

    assert shown == [*(f"{number:03}" for number in range(50)), "150"]
