import gzip
from contextlib import suppress

import pytest

from portal.static_site.releases import BusyError, NotAFolderError, Releases


@pytest.fixture
def releases(tmp_path):
    return Releases(tmp_path / "public")


def release(releases, **files):
    with releases.locked():
        for name, text in files.items():
            releases.write(f"site/{name}", text.encode(), "text/html")
        return releases.switch()


def test_a_file_that_has_not_changed_is_the_same_file(releases):
    first = release(releases, same="same", other="before")

    second = release(releases, same="same", other="after")

    assert releases.current.resolve() == second
    assert (second / "site/same").samefile(first / "site/same")
    assert ((first / "site/other").read_text(), (second / "site/other").read_text()) == ("before", "after")


def test_a_changed_file_of_the_same_size_never_has_the_time_of_the_old_one(releases):
    first = release(releases, page="before")

    second = release(releases, page="after!")

    assert int((second / "site/page").stat().st_mtime) > int((first / "site/page").stat().st_mtime)


def test_the_compressed_file_holds_the_same_and_is_made_the_same_each_time(releases, tmp_path):
    text = "x" * 1000

    one = release(releases, page=text)
    two = release(Releases(tmp_path / "elsewhere"), page=text)

    assert gzip.decompress((one / "site/page.gz").read_bytes()) == text.encode()
    assert (one / "site/page.gz").read_bytes() == (two / "site/page.gz").read_bytes()
    assert (one / "site/page.gz").stat().st_mtime == (one / "site/page").stat().st_mtime


def test_a_file_without_a_text_is_not_compressed(releases):
    with releases.locked():
        releases.write("site/a.xlsx", b"x" * 1000, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        releases.write("site/a.png", b"x" * 1000, "image/png")

        assert releases.names(releases.building) == {"site/a.xlsx", "site/a.png"}


def test_the_current_release_and_the_one_before_are_kept(releases):
    made = [release(releases, page=str(number)) for number in range(4)]

    assert sorted(releases.all.iterdir()) == made[2:]


def test_what_a_broken_run_left_is_removed_and_the_old_release_stays(releases):
    old = release(releases, page="old")
    releases.building.mkdir()
    (releases.building / "half").touch()
    (releases.folder / "current.new").symlink_to("releases/nowhere")

    with releases.locked():
        assert list(releases.building.iterdir()) == []
        assert releases.current.resolve() == old

    assert sorted(each.name for each in releases.folder.iterdir()) == ["current", "lock", "releases"]


def test_a_failure_leaves_nothing_behind(releases):
    old = release(releases, page="old")

    with suppress(ZeroDivisionError), releases.locked():
        releases.write("site/page", b"new", "text/html")
        raise ZeroDivisionError

    assert releases.current.resolve() == old
    assert not releases.building.exists()
    assert (releases.current / "site/page").read_text() == "old"


def test_two_do_not_publish_at_once(releases):
    with releases.locked(), pytest.raises(BusyError), Releases(releases.folder).locked():
        pass


def test_a_folder_that_is_no_link_of_ours_is_not_touched(releases):
    releases.current.mkdir(parents=True)
    (releases.current / "precious").touch()

    with pytest.raises(NotAFolderError), releases.locked():
        pass

    assert (releases.current / "precious").exists()
