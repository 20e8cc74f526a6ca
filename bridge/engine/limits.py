"""Every time and size the engine goes by, with the values production runs on.

All times are seconds. The rules between them are checked here, once, before anything connects.
"""

from dataclasses import dataclass

from bridge.errors import SettingsError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """The defaults hold; a test or a laptop may narrow one."""

    #: Kafka ends a silent member after this; a killed worker costs the other members this long.
    session_s: float = 6.0
    heartbeat_s: float = 1.5
    rebalance_s: float = 10.0
    max_poll_s: float = 30.0
    request_s: float = 15.0
    commit_every_s: float = 0.5
    #: How long a broker holds a fetch that found nothing.
    fetch_wait_s: float = 0.1
    #: Asked of each partition and of one fetch. A larger record still comes, alone (KIP-74).
    partition_fetch_bytes: int = MEBIBYTE
    fetch_bytes: int = 50 * MEBIBYTE
    #: Records in one batch, and so in one Faust event.
    max_records: int = 500
    #: Batches Faust may hold per listener, and bytes a listener may hold decoded.
    buffer_batches: int = 8
    waiting_bytes: int = 64 * MEBIBYTE
    #: Asking the ledger for positions and moving there.
    seek_s: float = 10.0
    #: A running turn may take this long to end when partitions go or the worker stops.
    settle_s: float = 3.0
    #: The watchdog: a loop silent for this long, and a stop or a crash not over by then.
    blocked_s: float = 3.0
    stop_s: float = 20.0
    crash_s: float = 10.0

    def __post_init__(self) -> None:
        for short, long in (
            ("heartbeat_s", "session_s"),
            ("session_s", "request_s"),
            ("seek_s", "request_s"),
            ("settle_s", "rebalance_s"),
            ("crash_s", "stop_s"),
        ):
            if getattr(self, short) >= getattr(self, long):
                raise SettingsError(f"engine: {short} must be below {long}; lower it")
        if self.max_records < 1 or self.buffer_batches < 1:
            raise SettingsError("engine: max_records and buffer_batches start at 1")
