"""The portal's own pages as schema.org (`portal.schema_org`): sources, and what can be had of the data."""

from django.utils.translation import gettext as _

from portal.addresses import absolute, path_of
from portal.schema_org import Described, dataset, describes, id_at, node, publisher, source_node, step


@describes("portal:sources")
def sources(page):
    return Described(title=_("Sources"), rows=page["sources"], kind="CollectionPage")


@describes("portal:source")
def source(page):
    source = page["source"]
    about = source_node(
        source,
        datePublished=source.published_on,
        inLanguage=source.language,
        sameAs=source.url,
        archivedAt=source.archived_url,
    )
    return Described(above=[step(_("Sources"), "portal:sources")], title=source.headline, things=[about])


@describes("portal:about_the_data")
def open_data(page):
    path = path_of("portal:about_the_data")
    catalogue = node(
        "DataCatalog",
        id_at(path),
        name=_("Open data"),
        url=absolute(path),
        publisher=publisher(),
        dataset=[_dataset(each.resource) for each in page["datasets"]],
    )
    return Described(title=_("Open data"), things=[catalogue])


@describes("portal:dataset_guide")
def dataset_guide(page):
    resource = page["resource"]
    return Described(above=_open_data(), title=resource.title, things=[_dataset(resource)])


def _dataset(resource) -> dict:
    """A dataset under the address of the list that shows just its rows, or else of the page that explains it."""
    is_list = resource.page_url == f"{resource.files}/"
    path = resource.page_url if is_list else path_of("portal:dataset_guide", resource.name)
    return dataset(resource.title, path, resource.definition, files=resource.files)


def _open_data():
    return [step(_("Open data"), "portal:about_the_data"), step(_("The API"), "portal:api_guide")]


@describes("portal:api_guide")
def api_guide(page):
    return Described(above=_open_data()[:1], title=_("The API"))


@describes("portal:method")
def method(page):
    return Described(above=_open_data()[:1], title=_("How the data is made"))
