"""All components, by name."""

from events.styleguide import agreements, conferences, district, forms, pages, programme
from events.styleguide.specimens import Component

COMPONENTS = {
    each.name: each
    for module in (agreements, conferences, district, forms, pages, programme)
    for each in vars(module).values()
    if isinstance(each, Component)
}
