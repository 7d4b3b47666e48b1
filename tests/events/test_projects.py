import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.models import Organization, Place
from events.models import Agreement, InvestmentProject, Milestone
from tests.factories import agreement, cite, milestone, organization, place, project

pytestmark = pytest.mark.django_db


def test_milestones_come_in_the_order_in_which_they_were_or_will_be_met():
    plant = project()
    promised = milestone(project=plant, kind="operating", due_on="2026", met_on=None)
    started = milestone(project=plant, kind="construction_started", met_on="2021-05")
    approved = milestone(project=plant, kind="approved", due_on="2022", met_on="2020-09-01")
    announced = milestone(project=plant, kind="announced", met_on="2020-09")

    [loaded] = InvestmentProject.objects.with_milestones()

    assert list(loaded.milestones.all()) == [announced, approved, started, promised]


def test_milestones_are_loaded_with_their_sources(django_assert_num_queries):
    for _ in range(3):
        cite(milestone())

    with django_assert_num_queries(3):
        sources = [
            citation.source.title
            for plant in InvestmentProject.objects.with_milestones()
            for each in plant.milestones.all()
            for citation in each.citations.all()
        ]

    assert len(sources) == 3


def test_milestones_of_a_draft_project_are_hidden():
    met = milestone()
    before = list(Milestone.objects.published())

    InvestmentProject.objects.unpublish()

    assert (before, list(Milestone.objects.published())) == ([met], [])


def test_a_draft_project_is_hidden_on_the_page_of_its_company():
    company = organization()
    plant = project(organizations=[company])
    before = list(company.projects.published())

    InvestmentProject.objects.unpublish()

    assert (before, list(company.projects.published())) == ([plant], [])


def test_a_draft_company_is_hidden_on_the_page_of_its_project():
    company = organization()
    plant = project(organizations=[company])
    before = list(plant.organizations.published())

    Organization.objects.unpublish()

    assert (before, list(plant.organizations.published())) == ([company], [])


def test_a_project_does_not_name_a_draft_place():
    plant = project(place=place())
    before = plant.public_place

    Place.objects.unpublish()

    assert (before, InvestmentProject.objects.get().public_place) == (plant.place, None)


def test_a_project_without_a_place_names_none():
    assert project().public_place is None


def test_a_project_that_is_deleted_leaves_its_agreements():
    paper = agreement(project=project())

    paper.project.delete()

    assert Agreement.objects.get(pk=paper.pk).project is None


@pytest.mark.parametrize(("due_on", "met_on"), [("2023", None), (None, "2023"), ("2023", "2024-06"), ("2024", "2023")])
def test_a_milestone_was_promised_or_met_or_both_early_or_late(due_on, met_on):
    met = milestone(due_on=due_on, met_on=met_on)

    met.full_clean()

    assert Milestone.objects.get() == met


def test_a_milestone_may_be_promised_again_for_another_day():
    first = milestone(due_on="2023", met_on=None)

    second = milestone(project=first.project, due_on="2024", met_on=None)
    second.full_clean()

    assert first.project.milestones.count() == 2


def test_the_same_promise_twice_is_refused():
    first = milestone(due_on="2023", met_on=None)
    second = milestone(project=first.project, due_on="2024", met_on=None)
    second.due_on = first.due_on

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()

    assert refusal.value.messages == ["This milestone is already recorded. Add your source to it as a citation."]


@pytest.mark.parametrize(("language", "url"), [("en", "/en/projects/plant/"), ("zh-hans", "/zh-hans/projects/plant/")])
def test_a_project_has_a_page_in_each_language_and_its_milestones_lead_there(language, url):
    plant = InvestmentProject(slug="plant")

    with translation.override(language):
        addresses = [plant.get_absolute_url(), Milestone(project=plant).get_absolute_url()]

    assert addresses == [url, url]


def test_projects_and_milestones_name_themselves():
    plant = project(title_en="Vaccine plant")
    met = milestone(project=plant, kind="operating", due_on="2022", met_on="2023-06")
    promised = milestone(project=plant, kind="at_scale", due_on="2026", met_on=None)

    assert [str(plant), str(met), str(promised)] == [
        "Vaccine plant",
        "Vaccine plant: operating 2023-06",
        "Vaccine plant: at scale 2026",
    ]
