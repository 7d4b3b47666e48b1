"""Agreements with their parties, signings and amounts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.contradictions import contradictions_of
from events.importing import AgreementResource
from events.models import Agreement, AgreementParty, AgreementRelation, Amount, Signing
from portal.desk.citing import citations_of, corrections_of
from portal.desk.editing import Rows, quantity, suggesting
from portal.desk.importing.admin import SheetsMixin
from portal.desk.publication import PUBLICATION, PublicationFilter, PublishableAdmin
from portal.fields import columns


class PartyRows(Rows):
    model = AgreementParty
    autocomplete_fields = ["organization"]


class SigningRows(Rows):
    model = Signing
    autocomplete_fields = ["session", "conference", "place"]
    fields = ["session", "conference", "signed_on", "place", *columns("note")]


class AmountRows(Rows):
    model = Amount
    widgets = {"currency": suggesting("currencies")}


class RelationRows(Rows):
    model = AgreementRelation
    fk_name = "agreement"
    autocomplete_fields = ["to"]


@admin.register(Agreement)
class AgreementAdmin(SheetsMixin, PublishableAdmin):
    resource = AgreementResource
    list_display = ["title", "kind", "bindingness", "place", "project", "publication"]
    list_filter = [PublicationFilter, "kind", "bindingness", "is_batch", "sectors"]
    list_select_related = ["place", "project"]
    search_fields = [*columns("title"), "slug"]
    autocomplete_fields = ["sectors", "place", "project"]
    prepopulated_fields = {"slug": ["title_en"]}
    inlines = [PartyRows, SigningRows, AmountRows, RelationRows, citations_of(Agreement), corrections_of(Agreement)]
    contradictions_of = staticmethod(contradictions_of)
    fieldsets = [
        (None, {"fields": [columns("title"), "slug", ("kind", "bindingness", "terminated_on"), columns("summary")]}),
        (_("Batch"), {"fields": ["is_batch", quantity("batch_size")]}),
        (_("Where it leads"), {"fields": ["sectors", "place", "project"]}),
        PUBLICATION,
    ]
