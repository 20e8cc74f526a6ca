"""deploy/local on machines that lack something, and the way it shows to the sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge.cli.sandbox import app
from bridge.sandbox.processes import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
PIECES = ["deploy/local", "deploy/environment.py", "deploy/requirements.txt", "bridge/sandbox/jars.lock"]
VERBS = {"demo", "test", "up", "down", "status", "bridge", "help"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What deploy/local needs of a checkout, in a folder whose name has a space."""
    checkout = tmp_path / "a checkout"
    for piece in PIECES:
        (checkout / piece).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / piece, checkout / piece)
    return checkout


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "deploy" / "local", *arguments],
        env={**os.environ, "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def a_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_help_describes_every_verb(checkout: Path) -> None:
    lines = [line.split() for line in run(checkout, "help").stdout.splitlines() if line.startswith("  ")]
    assert {line[0] for line in lines} == VERBS
    assert all(len(line) > 2 for line in lines)


def test_an_unknown_verb_is_refused_by_name(checkout: Path) -> None:
    done = run(checkout, "dance")
    assert done.returncode == 1
    assert "there is no verb 'dance'" in done.stderr


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ('[ "$1" = -V ] && echo Python 3.9.2; exit 11', "Python 3.9.2"),
        ("exit 12", "has no venv module"),
        ("exit 127", "no python3 on the PATH"),
    ],
)
def test_a_python_that_will_not_do_is_said_plainly(
    checkout: Path, tmp_path: Path, script: str, why: str
) -> None:
    done = run(checkout, "status", BRIDGE_PYTHON=str(a_program(tmp_path / "python", script)))
    assert done.returncode == 1
    assert why in done.stderr
    assert "needs Python 3.11 to 3.14" in done.stderr
    assert not (checkout / ".bridge").exists()


def test_an_index_that_cannot_be_reached_is_said_with_the_remedy(checkout: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/simple"
    done = run(checkout, "status", PIP_INDEX_URL=nowhere, PIP_RETRIES="0", PIP_NO_CACHE_DIR="1")
    assert done.returncode == 1
    assert "No matching distribution found for aiohappyeyeballs" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".bridge" / "ready").exists()


@pytest.fixture
def made(checkout: Path) -> Path:
    """A checkout whose environment is made; its Python prints what it is given."""
    a_program(checkout / ".bridge" / "venv" / "bin" / "python", 'echo "$@"; env')
    lock, jars = (checkout / PIECES[2]).read_text(), (checkout / PIECES[3]).read_text()
    (checkout / ".bridge" / "ready").write_text(f"{checkout}\n{lock}{jars}")
    return checkout


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (["bridge", "doctor", "a b"], "-P -m bridge doctor a b"),
        (["demo", "--fast"], "-P -m bridge demo --fast"),
        (["up"], "-P -m bridge sandbox up"),
        (["down"], "-P -m bridge sandbox down"),
        (["status"], "-P -m bridge sandbox status"),
    ],
)
def test_a_verb_reaches_the_command(made: Path, given: list[str], passed_on: str) -> None:
    assert run(made, *given).stdout.splitlines()[0] == passed_on


def test_the_way_to_the_sandbox_is_loaded_unless_it_is_set(made: Path) -> None:
    (made / ".bridge" / "env").write_text(
        "BRIDGE_KAFKA__BOOTSTRAP=127.0.0.1:1\nBRIDGE_LEDGER__DSN=postgresql://p@/b?host=/a b=\n; echo no\n"
    )
    said = run(made, "bridge", BRIDGE_KAFKA__BOOTSTRAP="mine:9092").stdout.splitlines()
    assert "BRIDGE_KAFKA__BOOTSTRAP=mine:9092" in said
    assert "BRIDGE_LEDGER__DSN=postgresql://p@/b?host=/a b=" in said
    assert "no" not in said


def test_a_changed_lock_makes_the_environment_anew(made: Path, tmp_path: Path) -> None:
    with (made / "deploy" / "requirements.txt").open("a") as lock:
        lock.write("# changed\n")
    done = run(made, "status", BRIDGE_PYTHON=str(a_program(tmp_path / "python", "exit 12")))
    assert "has no venv module" in done.stderr


def test_status_of_a_sandbox_that_was_never_started(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["status", "--home", str(tmp_path)])
    assert done.exit_code == 3
    said = [line.partition(" ") for line in done.stdout.splitlines()]
    assert [name for name, _, _ in said] == ["kafka", "postgres", "worker-a", "worker-b", "desk"]
    assert {what.strip() for _, _, what in said} == {"does not run"}
