"""The joiner: settings become a worker. Every room meets the others here and nowhere else."""

from bridge.app.parts import (
    Snapshots,
    credentials,
    frames_of,
    kafka_channel,
    key_ring,
    open_ledger,
    rules_of,
)
from bridge.app.worker import Worker

__all__ = [
    "Snapshots",
    "Worker",
    "credentials",
    "frames_of",
    "kafka_channel",
    "key_ring",
    "open_ledger",
    "rules_of",
]
