"""What tests of the ways in stand on: a small table, a Kafka of one list, and power that can fail.

The Kafka stands at the `Sender` door only, and keeps what it is given like the real one: in order, some of
it also when the answer is an error.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.domain.cad import CadEvent
from bridge.domain.ids import AgencyId
from bridge.errors import ChannelError
from bridge.feeds import mapping
from bridge.feeds.position import Position
from bridge.feeds.sending import Feed, Record
from bridge.wire import cad_events
from bridge.wire.frames import Frames

MAPPING = """
agency = "police.example"
incident = "number"

[time]
column = "at"
format = "%Y-%m-%d %H:%M"
timezone = "America/Chicago"

[call_type]
column = "type"

[unit]
column = "unit"
status = "status"
statuses = { there = "ON_SCENE" }
"""
COLUMNS = ("number", "at", "type", "unit", "status")
FRAMES = Frames()
NOW = datetime(2025, 1, 10, tzinfo=UTC)

Row = Mapping[str, str]


class PowerCutError(Exception):
    """The process is gone, here and now."""


@dataclass(slots=True)
class Power:
    """Fails when so many more moments have passed. Whoever does something lasting passes one."""

    left: int | None = None

    def moment(self) -> None:
        """One moment."""
        if self.left is None:
            return
        if self.left == 0:
            self.left = None
            raise PowerCutError
        self.left -= 1


@dataclass(slots=True)
class KafkaOfTests:
    """Keeps records. `away` errors come first, each after as many records as it says."""

    power: Power = field(default_factory=Power)
    kept: list[Record] = field(default_factory=list)
    away: list[tuple[int, ChannelError]] = field(default_factory=list)

    async def send(self, records: Sequence[Record]) -> None:
        error = None
        if self.away:
            count, error = self.away.pop(0)
            records = records[:count]
        for record in records:
            self.power.moment()
            self.kept.append(record)
        if error:
            raise error
        self.power.moment()

    def events(self) -> list[CadEvent]:
        """What is read back, repeats included."""
        return [cad_events.decode(FRAMES, one.content, now=NOW).event for one in self.kept]

    def contents(self) -> dict[str, bytes]:
        """Every event once, in the order in which each first came. Two contents of one id are an error."""
        contents: dict[str, bytes] = {}
        for record in self.kept:
            assert contents.setdefault(record.event_id, record.content) == record.content
        return contents


@contextmanager
def failing(power: Power, torn: int = 0) -> Iterator[None]:
    """Let power fail at what reaches the disk too; a file not yet flushed then loses its last bytes."""
    fsync, rename = os.fsync, Path.rename

    def flushed(descriptor: int) -> None:
        try:
            power.moment()
        except PowerCutError:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode):
                os.ftruncate(descriptor, max(0, status.st_size - torn))
            raise
        fsync(descriptor)

    def renamed(path: Path, to: Path) -> Path:
        power.moment()
        return rename(path, to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", flushed)
        patch.setattr(Path, "rename", renamed)
        yield


def a_feed(state: Path, kafka: KafkaOfTests, text: str = MAPPING) -> Feed:
    """A feed as a new process would have it, with its position in `state`."""
    file = state / "mapping.toml"
    if not file.exists():
        file.write_text(text)
    table = mapping.read(file)
    return Feed(table, Position(state / "position", AgencyId(table.agency)), FRAMES, kafka)


def a_row(number: str = "1", type_: str = "WELFARE", **cells: str) -> dict[str, str]:
    return {"number": number, "at": "2025-01-09 09:00", "type": type_, "unit": "", "status": "", **cells}


def as_csv(rows: Sequence[Row]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(row[column] for column in COLUMNS) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def as_json(rows: Sequence[Row]) -> bytes:
    return json.dumps(list(rows)).encode()
