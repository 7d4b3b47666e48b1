"""Static files as they are served: hashed names, compressed, and each style sheet with its imports in one file.

`site.css` is written as a table of contents (`@import url("components/x.css") layer(components);`). Browsers would
fetch those imports one after the other, so `collectstatic` puts them in place.
"""

import re
from pathlib import Path

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("(?P<path>[^":]+)"\)(?: layer\((?P<layer>[\w.-]+)\))?;')


def bundled(css: str, folder: Path) -> str:
    """`css` with each local `@import` replaced by the file it names, wrapped in its layer."""

    def contents(match):
        imported = (folder / match["path"]).read_text()
        return f"@layer {match['layer']} {{\n{imported}\n}}" if match["layer"] else imported

    return _IMPORT.sub(contents, css)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            for path in [path for path in paths if path.endswith(("site.css", "desk.css"))]:
                storage, name = paths[path]
                source = Path(storage.path(name))  # not the collected copy, which is a bundle already
                css = bundled(source.read_text(), source.parent)
                self.delete(path)
                self._save(path, ContentFile(css.encode()))
                paths[path] = (self, path)
        yield from super().post_process(paths, dry_run=dry_run, **options)
