"""A jar is the one of the lock or it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.errors import SandboxError
from bridge.sandbox.jars import fetch_jars, jar_paths, locked
from bridge.sandbox.processes import free_port

JAR = "slf4j-api-1.7.36.jar"
MAVEN = Path("org/slf4j/slf4j-api/1.7.36") / JAR


@pytest.fixture(scope="session")
def jars() -> list[Path]:
    """The jars of this checkout, fetched at the first use."""
    return fetch_jars(Path(__file__).resolve().parents[2] / ".bridge", print)


@pytest.fixture
def home(jars: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where only one jar is missing, on a machine without a network."""
    (tmp_path / "jars").mkdir()
    for jar in jars:
        if jar.name != JAR:
            os.link(jar, tmp_path / "jars" / jar.name)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("M2_REPO", str(tmp_path / "maven"))
    monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "none"))
    return tmp_path


def keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def the_good_one(jars: list[Path]) -> bytes:
    return next(jar for jar in jars if jar.name == JAR).read_bytes()


def test_the_lock_names_each_jar_once_with_its_hash() -> None:
    lock = locked()
    assert len({jar.filename for jar in lock}) == len(lock)
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in lock)
    assert {"kafka_2.13-4.3.0.jar", "slf4j-simple-1.7.36.jar"} <= {jar.filename for jar in lock}


def test_an_impossible_download_says_which_and_what_to_do(home: Path) -> None:
    with pytest.raises(SandboxError) as refusal:
        fetch_jars(home, print)
    text = str(refusal.value)
    assert "org.slf4j:slf4j-api:1.7.36" in text
    assert f"copy {JAR} to {home / 'jars'}" in text
    assert "HTTPS_PROXY" in text
    assert not (home / "jars" / JAR).exists()


def test_a_jar_in_this_machines_maven_folder_needs_no_network(home: Path, jars: list[Path]) -> None:
    keep(home / "maven" / MAVEN, the_good_one(jars))
    said: list[str] = []
    assert fetch_jars(home, said.append) == jar_paths(home)
    assert (home / "jars" / JAR).read_bytes() == the_good_one(jars)
    assert said == [f"jar 1/1: {JAR} (0.0 MB)"]


def test_half_a_download_is_thrown_away_and_fetched_again(home: Path, jars: list[Path]) -> None:
    keep(home / "jars.part" / MAVEN, the_good_one(jars)[:1000])
    keep(home / "maven" / MAVEN, the_good_one(jars))
    fetch_jars(home, print)
    assert (home / "jars" / JAR).read_bytes() == the_good_one(jars)


def test_another_file_under_the_right_name_is_refused(home: Path) -> None:
    keep(home / "maven" / MAVEN, b"not what was locked")
    with pytest.raises(SandboxError, match=r"org\.slf4j:slf4j-api:1\.7\.36"):
        fetch_jars(home, print)
    assert not (home / "jars" / JAR).exists()
