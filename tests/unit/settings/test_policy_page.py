"""The page for those who write policies: every example loads, and every finding is explained."""

import re
import tomllib
from pathlib import Path

import pytest

from bridge.settings.destinations import load_destination
from bridge.settings.policies import load_policy
from bridge.settings.policy_findings import findings_of, subject_of
from bridge.settings.words import load_words

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SMALLEST, *REST = BLOCKS
DESTINATIONS = [block for block in REST if "channel =" in block]
PIECES = [block for block in REST if "channel =" not in block and not block.startswith("#:schema")]
SQUARE = '{"type": "Polygon", "coordinates": [[[-97, 32], [-96, 32], [-96, 33], [-97, 32]]]}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest policy with what its pieces name."""
    (tmp_path / "town.toml").write_text(SMALLEST)
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "north.geojson").write_text(SQUARE)
    return tmp_path


def destinations(folder: Path) -> dict[str, object]:
    """The page's destinations, and the mediation centre, made of the line."""
    there = {}
    mediation = DESTINATIONS[0].replace("crisis-line", "mediation")
    for number, text in enumerate([*DESTINATIONS, mediation]):
        path = folder / f"{number}.destination"
        path.write_text(text)
        one = load_destination(path)
        there[one.id] = one
    return there


def test_the_smallest_policy_loads_and_is_only_unsigned(folder: Path) -> None:
    known = destinations(folder)
    policy = load_policy(folder / "town.toml", known)
    found = findings_of(subject_of(folder / "town.toml", policy, known, policy.effective.date()))
    assert [one.code for one in found] == ["not-approved"]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: re.split(r"\n", piece)[1])
def test_every_piece_can_be_laid_over_the_smallest_policy(folder: Path, piece: str) -> None:
    text = piece if "extends" in tomllib.loads(piece) else f'extends = "town.toml"\n{piece}'
    (folder / "piece.toml").write_text(text)
    lexicon = load_words(ROOT / "deploy" / "words")
    policy = load_policy(folder / "piece.toml", destinations(folder), lexicon)
    assert policy.digest != load_policy(folder / "town.toml").digest


def test_every_finding_is_explained_and_none_that_cannot_be_found() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "bridge" / "settings").glob("findings_*.py"))
    codes = set(re.findall(r'Finding\(\s*"([a-z-]+)"', sources))
    table = PAGE.split("## What check finds")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == codes
