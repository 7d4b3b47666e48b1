"""Who may have a stored file: everybody as long as a public record shows it, and whoever sees all drafts.

The names cannot be guessed, but they are passed on: by a page that was public once, by a colleague, by a log. So each
request asks whether visitors see the record now. What a record showed before stays with its history, for staff.
"""

import re
from functools import partial

from portal import previews
from portal.media_in_use import upload_fields
from portal.prepared import prepared
from portal.uploads import is_stored_name

ON_DISK = "/uploads-on-disk/"  # the internal location of deploy/nginx.conf

_WIDTH = re.compile(r"-[0-9]{3,4}(?=\.webp$)")


def is_shown(name) -> bool:
    """Whether whoever asks may have the file `name` ("photo/3f9a….webp", or a narrower version of it); one query."""
    if not is_stored_name(name):
        return False
    preview = previews.current()
    if preview is not None and preview.drafts:
        return True
    folder, stored = name.partition("/")[0], _WIDTH.sub("", name)
    return any(
        prepared(partial(_public, model), **{field.name: stored})
        for model, field in upload_fields()
        if model._meta.model_name == folder
    )


def _public(model):
    return model.objects.published().only("pk")
