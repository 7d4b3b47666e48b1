"""What a backup holds, what it refuses, and what it says when something is wrong with it."""

import errno
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from portal.backup import BackupError, databases, making, programs, restoring, verifying
from portal.backup.folder import Folder
from portal.backup.manifest import Manifest
from portal.backup.sealing import Seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def backup(portal, tmp_path):
    """The folder of one backup."""
    with portal.here():
        yield making.make(tmp_path / "backups").folder


def changed(backup, **facts):
    manifest = Manifest.read(backup)
    for name, value in facts.items():
        setattr(manifest, name, value)
    manifest.write(backup)


def test_it_holds_the_database_every_upload_and_no_drawn_picture(backup):
    found = {each.relative_to(backup).parts[0] for each in backup.rglob("*") if each.is_file()}
    kinds = sorted(each.name.partition("/")[0] for each in Manifest.read(backup).uploads)

    assert found == {databases.engine().FILE, "manifest.json", "media"}
    assert kinds == ["document", "photo", "photo", "photo"]


def test_nobody_else_on_the_machine_reads_it(backup):
    assert [each.stat().st_mode & 0o077 for each in (backup, backup.parent)] == [0, 0]


def test_the_next_one_copies_new_uploads_alone(backup, portal):
    name = f"photo/{'b' * 32}.webp"
    default_storage.save(name, ContentFile(b"new"))
    try:
        backup.rename(backup.with_name("2020-01-01T000000Z"))
        second = making.make(backup.parent)
    finally:
        default_storage.delete(name)

    old = backup.with_name("2020-01-01T000000Z")
    shared = [each for each in Manifest.read(old).uploads if (old / each.path).samefile(second.folder / each.path)]
    assert (second.copied, len(shared), len(second.manifest.uploads)) == (1, 4, 5)


def test_only_the_newest_are_kept_and_each_of_them_is_whole(backup):
    for year in (2018, 2019):
        shutil.copytree(backup, backup.with_name(f"{year}-01-01T000000Z"))
    backup.rename(backup.with_name("2020-01-01T000000Z"))

    made = making.make(backup.parent, keep=2)

    assert [each.name for each in made.removed] == ["2018-01-01T000000Z", "2019-01-01T000000Z"]
    assert [each.name for each in Folder(backup.parent).backups()] == ["2020-01-01T000000Z", made.folder.name]
    verifying.verify(made.folder)


def test_what_a_killed_run_has_left_is_no_backup_and_goes_with_the_next(portal, tmp_path):
    left = tmp_path / "unfinished" / "media"
    left.mkdir(parents=True)

    with portal.here():
        with pytest.raises(BackupError, match="There is no backup in"):
            restoring.restore(tmp_path)
        making.make(tmp_path)

    assert not left.exists()


@pytest.mark.parametrize("harm", ["changed", "cut off", "gone"])
def test_verifying_finds_every_damage(backup, harm):
    verifying.verify(backup)
    victim = backup / Manifest.read(backup).uploads[0].path
    content = victim.read_bytes()
    if harm == "gone":
        victim.unlink()
    else:
        victim.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if harm == "changed" else content[:-1])

    with pytest.raises(BackupError, match="is not what was written: media/") as refusal:
        verifying.verify(backup)
    with pytest.raises(BackupError):
        restoring.restore(backup, replace=True)

    assert victim.name in str(refusal.value)


def test_a_database_that_is_not_sound_is_found_even_with_the_right_checksum(backup):
    file = backup / databases.engine().FILE
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    file.write_bytes(content)

    with pytest.raises(BackupError):
        databases.engine().check(file)


def test_a_backup_of_a_newer_version_or_another_engine_is_refused(backup):
    migrations = Manifest.read(backup).migrations
    changed(backup, migrations=[*migrations, ["portal", "9999_from_the_future"]])
    with pytest.raises(BackupError, match=r"newer version: portal\.9999_from_the_future"):
        restoring.restore(backup, replace=True)

    changed(backup, migrations=migrations, engine="oracle")
    with pytest.raises(BackupError, match="of a portal on oracle; this one is on"):
        restoring.restore(backup, replace=True)


def test_a_manifest_leads_to_no_file_outside_its_backup(backup):
    text = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(text.replace('"path": "media/', '"path": "media/../../'))

    with pytest.raises(BackupError, match="names a file outside of it"):
        verifying.verify(backup)


def test_a_folder_from_which_files_are_served_is_refused(portal, settings):
    with portal.here(), pytest.raises(BackupError, match="lies in MEDIA_ROOT"):
        making.make(Path(settings.MEDIA_ROOT) / "backups")


def test_a_full_disk_leaves_nothing_half_made(portal, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(databases.engine(), "check", full)
    with portal.here(), pytest.raises(BackupError, match="There is no room left in"):
        making.make(tmp_path)

    assert [each.name for each in tmp_path.iterdir()] == ["lock"]


def test_two_at_once_are_refused(portal, tmp_path):
    with portal.here(), Folder(tmp_path).making(), pytest.raises(BackupError, match="Another backup to"):
        making.make(tmp_path)


@pytest.mark.parametrize("program", sorted(programs.PACKAGES))
def test_a_program_that_is_missing_is_named_with_its_package(monkeypatch, program):
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(BackupError, match=f"{program} is not installed here .*{programs.PACKAGES[program]}"):
        programs.found(program)


def test_the_commands_say_what_they_did_and_end_with_a_sentence_where_they_could_not(portal, tmp_path):
    said = io.StringIO()
    with portal.here():
        call_command("backup", str(tmp_path), stdout=said)
        call_command("backup", str(tmp_path), "--verify", stdout=said)
        with pytest.raises(CommandError, match="This portal is not empty"):
            call_command("restore", str(tmp_path), stdout=said)

    assert "the database and 4 uploads, 4 of them new" in said.getvalue()
    assert "is as it was written: the database and 4 uploads." in said.getvalue()


# --- Encrypted --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def public_key(tmp_path_factory):
    """That of a pair of keys in a keyring of its own."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    home = tmp_path_factory.mktemp("gnupg")
    home.chmod(0o700)
    environment = {**os.environ, "GNUPGHOME": str(home)}
    make = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        "office@example.org",
        "future-default",
    ]
    subprocess.run(make, env=environment, check=True, capture_output=True)
    exported = subprocess.run([*make[:1], "--export", "--armor"], env=environment, check=True, capture_output=True)
    (home / "office.asc").write_bytes(exported.stdout)
    yield home / "office.asc"
    subprocess.run([shutil.which("gpgconf"), "--kill", "all"], env=environment, check=False)


def test_an_encrypted_backup_is_made_with_the_public_key_and_restored_with_the_private_one(
    portal, other_portal, tmp_path, public_key, monkeypatch
):
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))  # the machine that makes it has no private key
    tmp_path.chmod(0o700)
    with portal.here():
        made = making.make(tmp_path / "backups", Seal(public_key))
        plain = [default_storage.open(each.name).read() for each in made.manifest.uploads]
    kept = [(made.folder / each.path).read_bytes() for each in made.manifest.files]
    verifying.verify(made.folder)

    with other_portal.here():
        with pytest.raises(BackupError, match="gpg ended with 2"):
            restoring.restore(made.folder, replace=True)
        monkeypatch.setenv("GNUPGHOME", str(public_key.parent))
        restoring.restore(made.folder, replace=True)
        restored = [default_storage.open(each.name).read() for each in made.manifest.uploads]

    assert restored == plain
    assert {each.suffix for each in made.folder.rglob("*") if each.is_file()} == {".gpg", ".json"}
    assert [
        content for content in kept if b"SQLite format 3" in content or b"PGDMP" in content or content in plain
    ] == []


def test_a_key_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BackupError, match="There is no public key at"):
        Seal(tmp_path / "none.asc")
