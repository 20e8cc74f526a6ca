"""Destination files: what loads, and what the error says about what does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Precision
from bridge.domain.ids import DestinationId
from bridge.errors import SettingsError
from bridge.settings.destinations import load_destination, load_destinations

DESTINATION = """
id = "line"
name = "Line"
channel = "kafka"
address = "line.offers"
kinds = ["voice"]

[privacy]
fields = ["location", "narrative"]
location = "block"

[waits]
offered = 15

[hours]
timezone = "America/Chicago"
spans = [{ days = ["fri"], opens = 20:00:00, closes = 02:00:00 }]
"""


def written(folder: Path, text: str, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_destination_is_read_whole(tmp_path: Path) -> None:
    line = load_destination(written(tmp_path, DESTINATION))
    assert (line.id, line.address, line.kinds) == ("line", "line.offers", {TransferKind.VOICE})
    assert (line.privacy.fields, line.privacy.location) == ({"location", "narrative"}, Precision.BLOCK)
    assert (line.waits.offered, line.waits.alerting) == (15, 30)
    friday_night = datetime(2025, 6, 7, 1, 30, tzinfo=UTC)
    assert line.hours.open_at(friday_night)
    assert not line.hours.open_at(friday_night + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('"narrative"]', '"narration"]', "privacy.fields: 'narration' is no field; use answers"),
        ('location = "block"', 'location = "none"', "privacy: fields and location = 'none' contradict"),
        ('["location", "narrative"]', '["narrative"]', "privacy: fields and location = 'block' contradict"),
        ('kinds = ["voice"]', "kinds = []", "kinds: is empty"),
        ('kinds = ["voice"]', 'kinds = ["video"]', "kinds"),
        ("offered = 15", "offered = 0", "waits.offered: is not a wait"),
        ("offered = 15", "offered = nan", "waits.offered: is not a wait"),
        ("offered = 15", "ofered = 15", "waits.ofered: unexpected keyword"),
        ('kinds = ["voice"]', "heartbeat_seconds = 0", "heartbeat_seconds: is not above 0"),
        ('kinds = ["voice"]', "capacity = 0", "capacity: is below 1"),
        (
            'kinds = ["voice"]',
            "away = [{ begins = 2026-12-25T08:00:00, ends = 2026-12-25T09:00:00Z }]",
            "away[0]: has a time without an offset",
        ),
        (
            'kinds = ["voice"]',
            "away = [{ begins = 2026-12-25T09:00:00Z, ends = 2026-12-25T08:00:00Z }]",
            "away[0]: ends before it begins",
        ),
        ('id = "line"', 'id = "911"', "id: is the holder's name for 911"),
        ('address = "line.offers"', 'address = ""', "address: is empty"),
        ("America/Chicago", "Nowhere", "hours.timezone: 'Nowhere' is no time zone"),
    ],
)
def test_what_is_wrong_with_a_destination_is_told(tmp_path: Path, change: str, to: str, says: str) -> None:
    assert change in DESTINATION
    with pytest.raises(SettingsError) as error:
        load_destination(written(tmp_path, DESTINATION.replace(change, to, 1)))
    assert says in str(error.value)


def test_two_destinations_cannot_share_an_id(tmp_path: Path) -> None:
    written(tmp_path, DESTINATION)
    written(tmp_path, DESTINATION, "b.toml")
    with pytest.raises(SettingsError, match="another file's id"):
        load_destinations(tmp_path)


def test_its_state_can_be_described(tmp_path: Path) -> None:
    away = "away = [{ begins = 2026-12-25T08:00:00Z, ends = 2026-12-25T09:00:00Z }]"
    said = f'kinds = ["data"]\ncapacity = 3\nheartbeat_seconds = 30\n{away}'
    line = load_destination(written(tmp_path, DESTINATION.replace('kinds = ["voice"]', said)))
    assert (line.capacity, line.heartbeat_seconds) == (3, 30)
    assert [window.begins for window in line.away] == [datetime(2026, 12, 25, 8, tzinfo=UTC)]


def team(name: str, teams: str = "") -> str:
    """A destination of this name, with these teams."""
    text = DESTINATION.replace('id = "line"', f'id = "{name}"')
    return text.replace('kinds = ["voice"]', f"teams = [{teams}]") if teams else text


@pytest.mark.parametrize(
    ("teams", "says"),
    [
        ('"both"', "teams[0]: is the destination itself"),
        ('"east", "nobody"', "teams[1]: 'nobody' is no destination"),
        ('"east", "group"', "teams[1]: 'group' has teams itself"),
        ('"east", "east"', "teams[1]: 'east' stands there twice"),
    ],
)
def test_teams_are_destinations_of_their_own(tmp_path: Path, teams: str, says: str) -> None:
    written(tmp_path, team("east"), "east.toml")
    written(tmp_path, team("group", '"east"'), "group.toml")
    written(tmp_path, team("both", teams), "both.toml")
    with pytest.raises(SettingsError) as refused:
        load_destinations(tmp_path)
    assert f"both.toml: {says}" in str(refused.value)


def test_a_group_of_teams_is_read(tmp_path: Path) -> None:
    written(tmp_path, team("east"), "east.toml")
    written(tmp_path, team("group", '"east"'), "group.toml")
    assert load_destinations(tmp_path)[DestinationId("group")].teams == ("east",)
