"""Who may do what at the staff desk.

Four groups, made by a migration (`events/migrations`): editors write drafts, publishers make them public,
administrators also keep the people, auditors only read. Rights to a kind of record are Django's own; the rule here is
the one that they cannot express: what is public, or will be without anybody's doing, is changed by publishers alone.
"""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from portal.publishing import Publishable, PublishedWith

PUBLISH, PREVIEW = "portal.publish", "portal.preview"

END_OF_TIME = datetime(9999, 12, 1, tzinfo=UTC)


def may_publish(user) -> bool:
    return user.has_perm(PUBLISH)


def is_released(record) -> bool:
    """Whether visitors see `record`, or will at its appointed time, without anybody doing anything. Remembered on the
    record, because one page of the desk asks many times."""
    if "is_released" not in record.__dict__:
        rows = type(record).objects
        published = getattr(rows, "published", None)  # a sector is not published: it is there
        record.is_released = published is not None and published(at=END_OF_TIME).filter(pk=record.pk).exists()
    return record.is_released


def would_be_released(record) -> bool:
    """Whether `record`, as it is filled in and before it is saved, would be public once everything it hangs on is: for
    records without a publication of their own."""
    if isinstance(record, Publishable) or not isinstance(record, PublishedWith):
        return False
    parents = [parent for name in record.published_with if (parent := getattr(record, name)) is not None]
    return bool(parents) and all(is_released(parent) for parent in parents)


PUBLIC_ALREADY = _(
    "This would be public at once, since what it belongs to is public. Ask a publisher to enter it, or choose a draft."
)


class ByRole:
    """Mixin for the admin of records: what is released is changed and deleted by publishers alone."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def has_publish_permission(self, request):
        return may_publish(request.user)

    def _may_touch(self, request, obj) -> bool:
        return obj is None or obj.pk is None or may_publish(request.user) or not is_released(obj)
