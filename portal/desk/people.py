"""The people of the office at the desk. Nobody makes anybody, themselves included, mightier than they are."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People have rights through groups alone. Who has all rights is decided by those who have them."""

    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personal info"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Permissions"), {"fields": [("is_active", "is_staff", "is_superuser"), "groups"]}),
        (_("Important dates"), {"fields": [("last_login", "date_joined")]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        seen_only = ["last_login", "date_joined"]
        return seen_only if request.user.is_superuser else [*seen_only, "is_superuser"]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_no_mightier(obj, request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_no_mightier(obj, request.user)


def _is_no_mightier(person, user) -> bool:
    return user.is_superuser or person is None or not person.is_superuser
