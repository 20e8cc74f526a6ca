"""What can be set, where it is read, and what it means.

`load` reads one `bridge.toml` and the environment, which wins; nothing else in the bridge reads either.
`describe` tells every key, for the documents and for people.
"""

from bridge.settings.describing import Described, describe, example
from bridge.settings.kafka import Connection, Kafka, RetentionHours, Topics, connection
from bridge.settings.loading import FILE, debugging, find, load
from bridge.settings.sections import Call, Desk, Ledger, Log, Paths, Settings, Wire, Worker

__all__ = [
    "FILE",
    "Call",
    "Connection",
    "Described",
    "Desk",
    "Kafka",
    "Ledger",
    "Log",
    "Paths",
    "RetentionHours",
    "Settings",
    "Topics",
    "Wire",
    "Worker",
    "connection",
    "debugging",
    "describe",
    "example",
    "find",
    "load",
]
