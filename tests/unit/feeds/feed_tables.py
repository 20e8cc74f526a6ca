"""Mappings and invented rows for the tests of feeds."""

from pathlib import Path

from bridge.feeds import mapping
from bridge.feeds.mapping import FeedMapping

REPOSITORY = Path(__file__).parents[3]
FEEDS = REPOSITORY / "deploy" / "feeds"
DATA = REPOSITORY.parent / "shared" / "data"

SMALLEST = """
agency = "police.example"
incident = "number"

[time]
column = "at"
format = "%Y-%m-%d %H:%M"
timezone = "America/Chicago"
"""


def mapped(folder: Path, sections: str = "", top: str = "") -> FeedMapping:
    """The smallest mapping with more keys at its top and more sections."""
    path = folder / "mapping.toml"
    path.write_text(top + SMALLEST + sections, encoding="utf-8")
    return mapping.read(path)


def shipped(name: str) -> FeedMapping:
    """A mapping of deploy/feeds."""
    return mapping.read(FEEDS / f"{name}.toml")


def row(**cells: str) -> dict[str, str]:
    """A row of the smallest table, with more columns."""
    return {"number": "18-1", "at": "2018-01-09 09:00", **cells}
