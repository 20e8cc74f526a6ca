"""Quarantined records: that one could not be read, and where it lies. Never any of its content."""

from bridge.domain.message import Quarantined
from bridge.wire.frames import Frames
from bridge.wire.moments import read_moment, write_moment
from bridge.wire.schemas import SchemaName


def encode(frames: Frames, quarantined: Quarantined) -> bytes:
    """The frame of a quarantined record's notice."""
    record = {
        "topic": quarantined.topic,
        "partition": quarantined.partition,
        "offset": quarantined.offset,
        "reason": quarantined.reason,
        "length": quarantined.length,
        "sha256": quarantined.sha256,
        "received_at": write_moment(quarantined.received_at),
    }
    return frames.write(SchemaName.QUARANTINE, record)


def decode(frames: Frames, value: bytes | None) -> Quarantined:
    """The notice in `value`; `UndecodableError` when there is none."""
    record = frames.read(SchemaName.QUARANTINE, value)
    return Quarantined(
        record["topic"],
        record["partition"],
        record["offset"],
        record["reason"],
        record["length"],
        record["sha256"],
        read_moment(record["received_at"]),
    )
