"""Import and export for the list of a kind of record: `class CompanyAdmin(SheetsMixin, …): resource = …`."""

from functools import partial, update_wrapper

from django.urls import path

from portal.desk.addresses import page_about
from portal.desk.importing import views
from portal.desk.site import refusing_nonsense


class SheetsMixin:
    """Adds the pages of an import and an export to an admin, and the ways to them to its list."""

    resource = None

    def get_urls(self):
        addresses = [
            ("import/", "import", views.import_sheet),
            ("import/template.xlsx", "import_template", views.template),
            ("import/progress/<str:token>/", "import_progress", views.progress),
            ("export.<str:file_format>", "export", views.export),
        ]
        return [
            path(way, self._of_this(view), name=self._name(name)) for way, name, view in addresses
        ] + super().get_urls()

    def _of_this(self, view):
        bound = update_wrapper(partial(view, self), view)
        return self.admin_site.admin_view(refusing_nonsense(bound))

    def _name(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def address(self, name, *args) -> str:
        """The address of the page `name` of this list: import, export, changelist."""
        return page_about(self.model, name, *args)

    def may_import(self, request) -> bool:
        """Whether somebody may add and change the records and everything that is written with them."""
        may_both = self.has_add_permission(request) and self.has_change_permission(request)
        return may_both and request.user.has_perms(self.resource.rights())

    def changelist_view(self, request, extra_context=None):
        filters = f"?{request.GET.urlencode()}" if request.GET else ""
        sheets = {
            "import": self.address("import") if self.may_import(request) else "",
            "csv": self.address("export", "csv") + filters,
            "xlsx": self.address("export", "xlsx") + filters,
        }
        return super().changelist_view(request, {"sheets": sheets, **(extra_context or {})})
