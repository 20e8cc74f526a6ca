"""The rules as one thing: the same files are the same bundle anywhere, and come out as they went in."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from bridge.domain.cad import Answer
from bridge.domain.ids import AgencyId
from bridge.errors import SettingsError
from bridge.settings import Paths
from bridge.settings.bundle import Bundle, read_bundle, unpacked
from bridge.settings.policies import load_policies

POLICY = """
agency = "police.test.example"
name = "test"
version = "1"
effective = 2025-01-01T00:00:00-06:00
timezone = "America/Chicago"

[[scope]]
id = "crisis"
sentence = "A crisis."
verdict = "review"
call_types = ["46"]
"""

DANGERS = "".join(
    f'\n[[disqualifier]]\nid = "{name}"\ndanger = "{name}"\nsentence = "Stays."\nquestions = ["{name}"]\n'
    for name in ("weapon", "violence", "medical", "police_only")
)
SQUARE = (
    '{"type": "Polygon", "coordinates": [[[-96.9,32.7],[-96.7,32.7],[-96.7,32.9],[-96.9,32.9],[-96.9,32.7]]]}'
)


def an_office(folder: Path) -> Paths:
    """An agency's files: a policy over a base that lies elsewhere, with an area, and one on trial."""
    for name in ("policies/areas", "destinations", "bases", "trial"):
        (folder / name).mkdir(parents=True)
    (folder / "bases/dangers.toml").write_text(DANGERS)
    extended = f'extends = "../bases/dangers.toml"\nareas = {{ north = "areas/north.geojson" }}\n{POLICY}'
    (folder / "policies/test.toml").write_text(f'{extended}\n[where]\nareas = ["north"]\n')
    (folder / "policies/areas/north.geojson").write_text(SQUARE)
    (folder / "trial/test.toml").write_text(POLICY + DANGERS)
    return Paths(
        policies=folder / "policies",
        destinations=folder / "destinations",
        words=folder / "words",
        shadow=folder / "trial",
    )


def test_the_same_files_elsewhere_at_another_time_are_the_same_bundle(tmp_path):
    here, there = an_office(tmp_path / "here"), an_office(tmp_path / "there")
    os.utime(there.policies / "test.toml", (1, 1))
    (there.policies / "test.toml").chmod(0o600)
    assert read_bundle(here).digest == read_bundle(there).digest


def test_a_file_written_again_with_the_same_words_is_seen_and_changes_no_digest(tmp_path):
    paths = an_office(tmp_path)
    before = read_bundle(paths)
    (paths.policies / "test.toml").write_text((paths.policies / "test.toml").read_text())
    after = read_bundle(paths)
    assert after != before and after.digest == before.digest


@pytest.mark.parametrize(
    "changed",
    ["policies/test.toml", "policies/areas/north.geojson", "bases/dangers.toml", "trial/test.toml"],
)
def test_a_byte_more_in_any_file_that_takes_part_is_another_bundle(tmp_path, changed):
    paths = an_office(tmp_path)
    before = read_bundle(paths)
    with (tmp_path / changed).open("a") as file:
        file.write("\n")
    assert read_bundle(paths).digest != before.digest
    assert read_bundle(paths, before.sources).digest == read_bundle(paths).digest


@pytest.mark.parametrize("new", ["policies/more.toml", "destinations/line.toml", "words/mine.toml"])
def test_a_new_file_is_seen_without_asking_any_file_what_it_names(tmp_path, new):
    paths = an_office(tmp_path)
    before = read_bundle(paths)
    (tmp_path / new).parent.mkdir(exist_ok=True)
    (tmp_path / new).write_text("x")
    assert read_bundle(paths, before.sources).digest != before.digest


def test_what_does_not_take_part_is_no_part_of_it(tmp_path):
    paths = an_office(tmp_path)
    before = read_bundle(paths)
    (tmp_path / "policies/notes.txt").write_text("x")
    (tmp_path / "bases/unused.toml").write_text("x")
    assert read_bundle(paths) == before


def test_a_bundle_is_loaded_anywhere_as_the_files_were(tmp_path):
    paths = an_office(tmp_path / "office")
    bundle = Bundle(read_bundle(paths).content)
    kept = unpacked(bundle, tmp_path / "elsewhere")
    assert load_policies(kept.policies) == load_policies(paths.policies)
    assert kept.shadow is not None and paths.shadow is not None
    assert load_policies(kept.shadow) == load_policies(paths.shadow)
    assert not kept.words.exists() and kept.destinations.is_dir()
    (policy,) = load_policies(kept.policies)[AgencyId("police.test.example")]
    assert policy.areas["north"](32.8, -96.8, 0) is Answer.YES
    assert read_bundle(kept).digest == bundle.digest


def test_files_that_cannot_be_used_are_a_bundle_too(tmp_path):
    paths = an_office(tmp_path)
    (paths.policies / "test.toml").write_text('extends = "nowhere.toml"')
    (paths.policies / "worse.toml").write_text("x =")
    files = read_bundle(paths).files()
    assert files["rules/policies/worse.toml"] == b"x ="
    assert "rules/policies/areas/north.geojson" not in files


def test_folders_that_are_not_there_are_not_there_in_it(tmp_path):
    bundle = read_bundle(Paths(tmp_path / "a", tmp_path / "b", tmp_path / "c"))
    assert list(bundle.files()) == ["bridge.toml"]
    kept = unpacked(bundle, tmp_path / "elsewhere")
    assert not any(folder.exists() for folder in (kept.policies, kept.destinations, kept.words))


def test_a_folder_that_is_swapped_by_its_link_is_read_anew_under_the_same_names(tmp_path):
    for version in ("one", "two"):
        an_office(tmp_path / version)
    (tmp_path / "two/policies/test.toml").write_text(POLICY + DANGERS)
    (tmp_path / "now").symlink_to("one")
    paths = Paths(*(tmp_path / "now" / name for name in ("policies", "destinations", "words")))
    before = read_bundle(paths)
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").rename(tmp_path / "now")
    after = read_bundle(paths, before.sources)
    assert after.digest != before.digest
    assert "rules/policies/test.toml" in before.files().keys() & after.files().keys()


def test_a_bundle_that_leads_out_of_its_folder_is_refused(tmp_path):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../outside.toml"))
    with pytest.raises(SettingsError, match="is no tar of rules"):
        unpacked(Bundle(content.getvalue()), tmp_path / "inside")
    assert not (tmp_path / "outside.toml").exists()


def test_what_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="is no tar of rules"):
        unpacked(Bundle(b"what"), tmp_path)
