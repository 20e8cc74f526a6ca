"""Our worker where stock Faust loses: what fails ends the process, and the next one reads it all."""

import signal
from pathlib import Path

import pytest
from engine_ground import Book, Broker, Process, unique

from bridge.engine.watchdog import EXIT_CODE

SIX = [b"m0", b"m1", b"boom2", b"m3", b"m4", b"m5"]
TEXTS = [value.decode() for value in SIX]


async def reads_all_again(broker: Broker, group: str, topic: str, book: Book) -> None:
    """A healthy worker over the same ledger ends with every record in it, once and in order."""
    worker = Process("engine_worker.py", broker.bootstrap, group, topic, str(book.path))
    try:
        await worker.said("wrote 5")
        await broker.until_committed(group, topic, 6)
        worker.signal(signal.SIGTERM)
        assert await worker.ended(15) == 0, worker.output
    finally:
        await worker.killed()
    assert book.values() == TEXTS


async def ends_at(broker: Broker, fault: str, path: Path) -> tuple[int, str, str, Book]:
    """The exit code of a worker that fails at boom2, and what it leaves."""
    group, topic, book = unique(fault), await broker.topic(fault), Book(path)
    await broker.produce(topic, SIX)
    worker = Process("engine_worker.py", broker.bootstrap, group, topic, str(book.path), fault, "boom2")
    code = await worker.ended(20)
    assert book.values() == TEXTS[:2], worker.output
    assert (await broker.committed(group, topic) or 0) <= 2
    return code, group, topic, book


@pytest.mark.parametrize("fault", ["turn-raises", "decode-raises"])
async def test_a_failing_record_ends_the_worker_and_is_read_again(
    broker: Broker, tmp_path: Path, fault: str
) -> None:
    code, group, topic, book = await ends_at(broker, fault, tmp_path / "book")
    assert code == 1
    await reads_all_again(broker, group, topic, book)


@pytest.mark.parametrize(("fault", "expected"), [("turn-hangs-and-stalls", 1), ("loop-blocks", EXIT_CODE)])
async def test_a_worker_that_stands_still_ends(
    broker: Broker, tmp_path: Path, fault: str, expected: int
) -> None:
    code, *_ = await ends_at(broker, fault, tmp_path / "book")
    assert code == expected


async def test_a_killed_worker_has_committed_nothing_in_flight(broker: Broker, tmp_path: Path) -> None:
    group, topic, book = unique("killed"), await broker.topic("killed"), Book(tmp_path / "book")
    await broker.produce(topic, SIX)
    worker = Process(
        "engine_worker.py", broker.bootstrap, group, topic, str(book.path), "turn-hangs", "boom2"
    )
    await worker.said("hanging")
    await broker.until_committed(group, topic, 2)
    await worker.killed()

    assert await broker.committed(group, topic) == 2
    assert book.values() == TEXTS[:2]


async def test_sigterm_ends_a_worker_whose_turn_hangs_and_leaves_the_group(
    broker: Broker, tmp_path: Path
) -> None:
    group, topic, book = unique("stopped"), await broker.topic("stopped"), Book(tmp_path / "book")
    await broker.produce(topic, SIX)
    worker = Process(
        "engine_worker.py", broker.bootstrap, group, topic, str(book.path), "turn-hangs", "boom2"
    )
    await worker.said("hanging")
    worker.signal(signal.SIGTERM)

    assert await worker.ended(15) == 0, worker.output
    assert await broker.committed(group, topic) == 2
    assert await broker.members(group) == 0, "the next worker need not wait for a session to run out"
    await reads_all_again(broker, group, topic, book)


async def test_the_end_of_a_task_is_the_end_of_the_worker(broker: Broker, tmp_path: Path) -> None:
    group, topic, book = unique("ends"), await broker.topic("ends"), Book(tmp_path / "book")
    worker = Process("engine_worker.py", broker.bootstrap, group, topic, str(book.path), "task-ends", "-")

    assert await worker.ended(20) == 1, worker.output
    assert "a task has ended" in worker.output


@pytest.mark.parametrize("fault", ["load-raises", "load-hangs"])
async def test_a_worker_that_is_not_told_where_to_read_ends(
    broker: Broker, tmp_path: Path, fault: str
) -> None:
    group, topic, book = unique(fault), await broker.topic(fault), Book(tmp_path / "book")
    await broker.produce(topic, SIX)
    worker = Process("engine_worker.py", broker.bootstrap, group, topic, str(book.path), fault, "-")

    assert await worker.ended(20) == 1, worker.output
    assert "positions not taken up" in worker.output
    assert book.values() == []
