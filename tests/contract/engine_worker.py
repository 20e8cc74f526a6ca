"""A worker on our engine over a file for a ledger; behaves badly at a value it is told.

engine_worker.py BOOTSTRAP GROUP TOPIC BOOK [FAULT] [VALUE]
"""

import asyncio
import logging
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from engine_ground import Book

from bridge.engine.app import make_app, run
from bridge.engine.batch import Batch, Record
from bridge.engine.limits import EngineSettings
from bridge.engine.listen import listen
from bridge.engine.progress import Progress


class LostBook(Book):
    """A ledger that does not answer where to read."""

    def __init__(self, path: Path, *, hangs: bool) -> None:
        super().__init__(path)
        self.hangs = hangs

    async def load(self, partitions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int | None]:
        if self.hangs:
            await asyncio.Event().wait()
        raise ConnectionError("told to")


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    bootstrap, group, topic, path, *rest = sys.argv[1:]
    fault, bad = (rest[0], rest[1].encode()) if rest else ("", b"")
    book = Book(Path(path))

    def decode(record: Record) -> bytes:
        value = record.value or b""
        if fault == "decode-raises" and value == bad:
            raise ValueError("told to")
        return value

    async def turn(batches: Sequence[Batch[bytes]]) -> None:
        if any(bad in batch.decoded for batch in batches):
            if fault == "turn-raises":
                raise ValueError("told to")
            if fault.startswith("turn-hangs"):
                print("hanging", flush=True)
                await asyncio.Event().wait()
            if fault == "loop-blocks":
                print("blocking", flush=True)
                time.sleep(60)  # noqa: ASYNC251 - the fault
        book.write(batches)
        print("wrote", batches[-1].last_offset, flush=True)

    async def ends() -> None:
        await asyncio.sleep(0.1)

    app = make_app(
        group=group,
        bootstrap=bootstrap,
        positions=LostBook(book.path, hangs=fault == "load-hangs") if fault.startswith("load") else book,
        # one record a batch, so that each is a turn's border
        settings=EngineSettings(
            max_records=1, seek_s=2.0, settle_s=1.0, blocked_s=1.0, crash_s=5.0, stop_s=10.0
        ),
    )
    stall_s = 60.0 if fault == "turn-hangs" else 1.0
    listen(app, topic, decode=decode, turn=turn, limit=1, progress=Progress(stall_s=stall_s, retry_s=90.0))
    if fault == "task-ends":
        app.keeps("a task", ends)
    run(app)


if __name__ == "__main__":
    main()
