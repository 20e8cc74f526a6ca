"""Files in a folder: when one is taken, in which order, and where it is found afterwards."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from feed_ground import KafkaOfTests, a_feed, a_row, as_csv, as_json

from bridge.feeds import drop
from bridge.feeds.drop import Drop, DropError, Folder
from bridge.feeds.sending import Feed, Record


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def way(tmp_path: Path) -> Drop:
    folder = tmp_path / "in"
    folder.mkdir()
    return Drop(folder, look_every_seconds=0.01, still_seconds=0)


def put(way: Drop, name: str, content: bytes, minute: int = 0) -> Path:
    path = way.folder / name
    path.write_bytes(content)
    os.utime(path, (1_736_400_000 + 60 * minute,) * 2)
    return path


async def run_until(way: Drop, feed: Feed, *files: str) -> None:
    """Run until these files are there, then end it as SIGTERM does."""

    async def wait() -> None:
        while True:
            if all((way.folder / name).exists() for name in files):
                return feed.stop.set()
            await asyncio.sleep(0.005)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(drop.run(way, feed))
        tasks.create_task(wait())


def test_a_file_is_taken_when_it_has_stood_still(tmp_path: Path) -> None:
    clock = Clock()
    folder = Folder(Drop(tmp_path, still_seconds=2), clock)
    file = tmp_path / "calls.csv"
    file.write_bytes(b"number\n")
    assert list(folder.whole()) == []
    clock.seconds = 1.9
    with file.open("ab") as more:
        more.write(b"1\n")
    assert list(folder.whole()) == []
    clock.seconds = 3.0
    assert list(folder.whole()) == []
    clock.seconds = 4.0
    assert list(folder.whole()) == [file]


def test_the_oldest_comes_first_and_nothing_overtakes_a_file_that_is_still_written(tmp_path: Path) -> None:
    clock, way = Clock(), Drop(tmp_path, still_seconds=2)
    folder = Folder(way, clock)
    put(way, "b.csv", b"", minute=0), put(way, "a.csv", b"", minute=1)
    list(folder.whole())
    clock.seconds = 2.0
    assert [path.name for path in folder.whole()] == ["b.csv", "a.csv"]
    put(way, "b.csv", b"more", minute=0)
    assert [path.name for path in folder.whole()] == []


@pytest.mark.parametrize("name", [".calls.csv", "calls.csv.part", "calls.csv.tmp"])
def test_a_name_that_says_unfinished_is_left_alone(tmp_path: Path, name: str) -> None:
    put(Drop(tmp_path), name, as_csv([a_row()]))
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / name)
    assert list(Folder(Drop(tmp_path, still_seconds=0)).whole()) == []


async def test_files_of_one_table_are_sent_in_order_and_put_away(tmp_path: Path, way: Drop) -> None:
    kafka = KafkaOfTests()
    put(way, "b.csv", as_csv([a_row("1")]), minute=0)
    put(way, "a.json", as_json([a_row("1", "SUICIDE"), a_row("2")]), minute=1)
    await run_until(way, a_feed(tmp_path, kafka), "done/a.json", "done/b.csv")
    told = [(event.incident_id, event.kind.value) for event in kafka.events()]
    assert told == [("1", "CREATED"), ("1", "CHANGED"), ("2", "CREATED")]
    assert {record.key for record in kafka.kept} == {b"1", b"2"}
    assert dict(kafka.kept[0].headers)["ce_subject"] == b"1"


async def test_the_same_name_every_minute_keeps_every_file(tmp_path: Path, way: Drop) -> None:
    feed = a_feed(tmp_path, KafkaOfTests())
    (way.folder / "done").mkdir()
    for type_ in ("WELFARE", "SUICIDE", "WELFARE"):
        await drop.take(put(way, "calls.csv", as_csv([a_row(type_=type_)])), feed)
    contents = {path.read_bytes() for path in (way.folder / "done").iterdir()}
    assert contents == {as_csv([a_row(type_=type_)]) for type_ in ("WELFARE", "SUICIDE")}


async def test_a_file_that_does_not_fit_is_kept_beside_the_reason_and_the_next_one_is_sent(
    tmp_path: Path, way: Drop
) -> None:
    kafka = KafkaOfTests()
    put(way, "a.csv", b"number,when\n1,CANARY\n", minute=0)
    put(way, "b.json", b"{", minute=1)
    put(way, "c.csv", as_csv([a_row()]), minute=2)
    await run_until(way, a_feed(tmp_path, kafka), "refused/a.csv", "refused/b.json", "done/c.csv")
    reason = (way.folder / "refused" / "a.csv.reason").read_text()
    assert "no column 'at' in its header; correct the name" in reason and "CANARY" not in reason
    assert "is not JSON; " in (way.folder / "refused" / "b.json.reason").read_text()
    assert len(kafka.kept) == 1


class Rewriting(KafkaOfTests):
    """While the first event is on its way, somebody writes to the file."""

    file: Path

    async def send(self, records: Sequence[Record]) -> None:
        if not self.kept:
            self.file.write_bytes(as_csv([a_row("1"), a_row("1", "SUICIDE")]))
        await super().send(records)


async def test_a_file_written_to_while_it_is_read_is_read_again(tmp_path: Path, way: Drop) -> None:
    kafka = Rewriting()
    kafka.file = put(way, "calls.csv", as_csv([a_row("1")]))
    await run_until(way, a_feed(tmp_path, kafka), "done/calls.csv")
    assert [event.kind.value for event in kafka.events()] == ["CREATED", "CREATED", "CHANGED"]
    assert len({record.event_id for record in kafka.kept}) == 2


async def test_a_feed_that_shall_end_finishes_its_file_and_leaves_the_next(tmp_path: Path, way: Drop) -> None:
    class Stopping(KafkaOfTests):
        async def send(self, records: Sequence[Record]) -> None:
            feed.stop.set()
            await super().send(records)

    kafka = Stopping()
    feed = a_feed(tmp_path, kafka)
    put(way, "a.csv", as_csv([a_row("1"), a_row("2")]), minute=0)
    put(way, "b.csv", as_csv([a_row("3")]), minute=1)
    await drop.run(way, feed)
    assert [event.incident_id for event in kafka.events()] == ["1", "2"]
    assert (way.folder / "done" / "a.csv").exists() and (way.folder / "b.csv").exists()


async def test_a_folder_that_cannot_be_used_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(DropError, match=r"nowhere: cannot be used .*; let this user read, write and rename"):
        await drop.run(Drop(tmp_path / "nowhere"), a_feed(tmp_path, KafkaOfTests()))
