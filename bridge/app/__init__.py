"""The joiner: settings become a worker. Every room meets the others here and nowhere else."""

from bridge.app.parts import (
    Snapshots,
    credentials,
    frames_of,
    kafka_channel,
    key_ring,
    open_ledger,
)
from bridge.app.rules import Loaded, kept_rules, load_rules, rules_from, rules_of
from bridge.app.worker import Worker

__all__ = [
    "Loaded",
    "Snapshots",
    "Worker",
    "credentials",
    "frames_of",
    "kafka_channel",
    "kept_rules",
    "key_ring",
    "load_rules",
    "open_ledger",
    "rules_from",
    "rules_of",
]
