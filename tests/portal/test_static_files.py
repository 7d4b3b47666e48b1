import gzip

import pytest
from django.conf import settings

from portal.static_files import BundledStaticFilesStorage, bundled


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "components").mkdir()
    (tmp_path / "base.css").write_text("body { margin: 0 }")
    (tmp_path / "components" / "card.css").write_text(".card { color: var(--ink) }")
    return tmp_path


def test_an_import_is_replaced_by_the_file_it_names(folder):
    css = bundled('@import url("base.css");', folder)

    assert css == "body { margin: 0 }"


def test_an_import_into_a_layer_is_wrapped_in_it(folder):
    css = bundled('@import url("components/card.css") layer(components);', folder)

    assert css == "@layer components {\n.card { color: var(--ink) }\n}"


def test_the_rest_of_the_style_sheet_stays_around_its_imports_in_order(folder):
    css = bundled(
        '@layer base, components;\n@import url("base.css") layer(base);\n'
        '@import url("components/card.css") layer(site.components);\np { color: red }\n',
        folder,
    )

    assert css == (
        "@layer base, components;\n@layer base {\nbody { margin: 0 }\n}\n"
        "@layer site.components {\n.card { color: var(--ink) }\n}\np { color: red }\n"
    )


@pytest.mark.parametrize("css", ['@import url("https://evil.example/x.css");', "body { margin: 0 }", ""])
def test_what_is_not_a_local_import_is_left_alone(css, folder):
    assert bundled(css, folder) == css


def test_an_import_of_a_missing_file_fails_when_files_are_collected(folder):
    with pytest.raises(FileNotFoundError):
        bundled('@import url("components/typo.css") layer(components);', folder)


@pytest.fixture
def collected(folder):
    """The folder after `collectstatic` has served a site with it."""
    (folder / "site.css").write_text('@import url("components/card.css") layer(components);\n')
    storage = BundledStaticFilesStorage(location=folder, base_url="/static/")
    paths = {path: (storage, path) for path in ("base.css", "components/card.css", "site.css")}
    for _name, _hashed, processed in storage.post_process(paths):
        assert processed is True or not isinstance(processed, Exception)
    return storage


def test_the_collected_style_sheet_needs_no_further_request(collected):
    with collected.open(collected.stored_name("site.css")) as style_sheet:
        css = style_sheet.read().decode()

    assert css == "@layer components {\n.card { color: var(--ink) }\n}\n"


def test_a_collected_file_is_named_by_its_content(collected, folder):
    names = [collected.stored_name("site.css")]

    (folder / "components" / "card.css").write_text(".card { color: red }")
    (folder / "site.css").write_text('@import url("components/card.css") layer(components);\n')
    list(collected.post_process({"site.css": (collected, "site.css")}))
    names.append(collected.stored_name("site.css"))

    assert len({*names, "site.css"}) == 3
    assert all(name.startswith("site.") and name.endswith(".css") for name in names)


def test_a_collected_file_is_compressed(tmp_path):
    css = "\n".join(f".card-{number} {{ color: var(--ink) }}" for number in range(200))
    (tmp_path / "site.css").write_text(css)
    storage = BundledStaticFilesStorage(location=tmp_path, base_url="/static/")

    list(storage.post_process({"site.css": (storage, "site.css")}))

    with gzip.open(storage.path(f"{storage.stored_name('site.css')}.gz"), "rt") as compressed:
        assert compressed.read() == css


def test_a_dry_run_changes_nothing(folder):
    (folder / "site.css").write_text('@import url("base.css");')
    storage = BundledStaticFilesStorage(location=folder, base_url="/static/")

    list(storage.post_process({"site.css": (storage, "site.css")}, dry_run=True))

    assert sorted(path.name for path in folder.iterdir()) == ["base.css", "components", "site.css"]
    assert (folder / "site.css").read_text() == '@import url("base.css");'


def test_the_style_sheet_of_the_site_imports_only_files_that_are_there():
    css_folder = settings.BASE_DIR / "portal" / "static" / "css"

    css = bundled((css_folder / "site.css").read_text(), css_folder)

    assert "@import" not in css
