"""Whenever the power fails, the next process sends what was missing, under the same ids, to the byte."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from feed_ground import KafkaOfTests, Power, PowerCutError, Row, a_feed, a_row, as_csv, as_json, failing
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.cad import CadEvent
from bridge.errors import ChannelError
from bridge.feeds import drop, rows
from bridge.feeds.drop import Drop, Folder
from bridge.feeds.spool import Spool

SOME_ROW = st.builds(
    a_row,
    number=st.sampled_from(["1", "2", ""]),
    type_=st.sampled_from(["WELFARE", "SUICIDE", ""]),
    at=st.sampled_from(["2025-01-09 09:00", "2025-01-09 09:05", "?"]),
    unit=st.sampled_from(["", "B1", "B2"]),
    status=st.sampled_from(["", "there", "gone"]),
)
SNAPSHOT = st.lists(SOME_ROW, min_size=1, max_size=5)
SNAPSHOTS = st.lists(SNAPSHOT, min_size=1, max_size=4)
CUTS = st.lists(st.integers(0, 25), max_size=4)
TORN = st.integers(0, 60)

lives_long = settings(deadline=None)
"""An example flushes to the disk dozens of times; a busy machine may take its time."""


def dropped(folder: Path, snapshots: Sequence[Sequence[Row]]) -> Drop:
    """A folder in which these files were put, one a minute."""
    folder.mkdir()
    for place in ("done", "refused"):
        (folder / place).mkdir()
    for number, snapshot in enumerate(snapshots):
        file = folder / f"{number}.csv"
        file.write_bytes(as_csv(snapshot))
        os.utime(file, (1_736_400_000 + 60 * number,) * 2)
    return Drop(folder, still_seconds=0)


async def take_all(way: Drop, state: Path, kafka: KafkaOfTests) -> None:
    """One process's life."""
    feed = a_feed(state, kafka)
    for path in list(Folder(way).whole()):
        await drop.take(path, feed)


def lives(way: Drop, state: Path, cuts: Sequence[int] = (), torn: int = 0) -> KafkaOfTests:
    """As many processes as it takes. Each but the last ends at its cut."""
    power = Power()
    kafka, left = KafkaOfTests(power), list(cuts)
    while True:
        power.left = left.pop(0) if left else None
        try:
            with failing(power, torn):
                asyncio.run(take_all(way, state, kafka))
        except PowerCutError:
            continue
        return kafka


@lives_long
@given(SNAPSHOTS, CUTS, TORN)
def test_files_give_the_same_events_whenever_the_power_fails(
    snapshots: list[list[Row]], cuts: list[int], torn: int
) -> None:
    with TemporaryDirectory() as name:
        home = Path(name)
        (home / "quiet").mkdir()
        (home / "cut").mkdir()
        quiet = lives(dropped(home / "a", snapshots), home / "quiet")
        way = dropped(home / "b", snapshots)
        cut = lives(way, home / "cut", cuts, torn)
        assert list(cut.contents().items()) == list(quiet.contents().items())
        assert sorted(path.name for path in (way.folder / "done").iterdir()) == [
            f"{number}.csv" for number in range(len(snapshots))
        ]


@lives_long
@given(SNAPSHOTS)
def test_files_taken_by_a_process_each_give_the_ids_of_one_long_reading(snapshots: list[list[Row]]) -> None:
    """A memory that was on the disk in between knows as much as one that was not."""
    with TemporaryDirectory() as name:
        home = Path(name)
        way, kafka = dropped(home / "a", []), KafkaOfTests()
        for number, snapshot in enumerate(snapshots):
            file = way.folder / f"{number}.csv"
            file.write_bytes(as_csv(snapshot))
            asyncio.run(take_all(way, home, kafka))
        table = a_feed(home, kafka).mapping
        differing = [one for before, one in zip([None, *snapshots], snapshots, strict=False) if one != before]
        wanted = rows.events((row for snapshot in differing for row in snapshot), table)
        assert [record.event_id for record in kafka.kept] == [event.event_id for event in wanted]


@lives_long
@given(SNAPSHOTS, CUTS, TORN)
def test_what_is_polled_ends_as_the_last_poll_says_whenever_the_power_fails(
    snapshots: list[list[Row]], cuts: list[int], torn: int
) -> None:
    """After a cut the other side says something else: no id means two things, and no change is lost."""
    numbered = [[{**row, "number": row["number"] or "9"} for row in snapshot] for snapshot in snapshots]
    power, left = Power(), list(cuts)
    kafka, polls = KafkaOfTests(power), [as_json(snapshot) for snapshot in numbered]

    async def life(state: Path) -> None:
        feed, spool = a_feed(state, kafka), Spool(state / "spool")
        await spool.take_up(feed)
        while polls:
            await spool.send(polls[0], "json", feed)
            polls.pop(0)

    with TemporaryDirectory() as name:
        while True:
            power.left = left.pop(0) if left else None
            try:
                with failing(power, torn):
                    asyncio.run(life(Path(name)))
            except PowerCutError:
                polls = polls[1:] or polls[-1:]
                continue
            break
        kafka.contents()
        last = {row["number"]: row["type"] for row in numbered[-1] if row["type"]}
        told = {str(one.incident_id): one.call_type.code for one in firsts(kafka) if one.call_type}
        assert {number: told.get(number) for number in last} == last
        assert not list((Path(name) / "spool").iterdir())


def firsts(kafka: KafkaOfTests) -> list[CadEvent]:
    """Events as the bridge applies them: each id once."""
    seen: dict[str, CadEvent] = {}
    for event in kafka.events():
        seen.setdefault(event.event_id, event)
    return list(seen.values())


async def test_what_kafka_does_not_take_now_is_sent_until_it_does(tmp_path: Path) -> None:
    away = [(number, ChannelError("Kafka: away", permanent=False)) for number in (1, 0)]
    kafka = KafkaOfTests(away=away)
    way = dropped(tmp_path / "in", [[a_row("1"), a_row("2"), a_row("3")]])
    await take_all(way, tmp_path, kafka)
    assert [event.incident_id for event in kafka.events()] == ["1", "1", "2", "3"]
    assert (way.folder / "done" / "0.csv").exists()


@pytest.mark.parametrize("permanent", [True, False])
async def test_a_feed_that_ends_without_kafka_keeps_the_file_for_the_next(
    tmp_path: Path, permanent: bool
) -> None:
    kafka = KafkaOfTests(away=[(1, ChannelError("Kafka: no", permanent=permanent))])
    way = dropped(tmp_path / "in", [[a_row("1"), a_row("2")]])
    feed = a_feed(tmp_path, kafka)
    if not permanent:
        feed.stop.set()
    with pytest.raises(ChannelError):
        await drop.take(way.folder / "0.csv", feed)
    await take_all(way, tmp_path, kafka)
    assert list(kafka.contents()) == [record.event_id for record in kafka.kept[1:]]
