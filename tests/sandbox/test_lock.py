"""The lock satisfies what the project asks for, names hashes only, and no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = (CHECKOUT / "deploy" / "requirements.txt").read_text()
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = [*PROJECT["dependencies"], *EXTRAS["local"], *EXTRAS["dev"]]
ENTRY = re.compile(
    r"^([\w.-]+)==([^\s;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)", re.MULTILINE
)
LOCKED = {canonicalize_name(name): Version(version) for name, version, _ in ENTRY.findall(LOCK)}


@pytest.mark.parametrize("asked", ASKED)
def test_what_the_project_asks_for_is_locked(asked: str) -> None:
    requirement = Requirement(asked)
    version = LOCKED.get(canonicalize_name(requirement.name))
    assert version is not None, f"{asked}: not in the lock; make the lock again, its first lines say how"
    assert version in requirement.specifier


def test_every_line_of_the_lock_is_a_comment_or_a_version_with_hashes() -> None:
    rest = ENTRY.sub("", LOCK)
    assert [line for line in rest.splitlines() if line and not line.startswith("#")] == []


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK.replace("--no-emit-index-url", "")
