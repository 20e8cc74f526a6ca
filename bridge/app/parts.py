"""The parts of a process, made from settings: frames, keys, the ledger. None has to do with Kafka."""

from collections.abc import Sequence

from bridge.domain.incident import Incident
from bridge.ledger.connection import EVERY_TURN
from bridge.ledger.ledger import Ledger
from bridge.ledger.sealing import KeyRing
from bridge.settings import Settings
from bridge.wire import incidents
from bridge.wire.frames import Frames
from bridge.wire.registry import ConfluentRegistry


class Snapshots:
    """An incident's state as the wire's snapshot record."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def encode(self, incident: Incident) -> bytes:
        """The state as bytes."""
        return incidents.encode(self._frames, incident)

    def decode(self, content: bytes) -> Incident:
        """The state as it was."""
        return incidents.decode(self._frames, content)


def frames_of(settings: Settings) -> Frames:
    """Frames of our schemas, by the registry where one is configured."""
    url = settings.wire.registry_url
    return Frames(ConfluentRegistry(url) if url else None, limit=settings.wire.max_message_bytes)


def key_ring(settings: Settings) -> KeyRing:
    """The key-encryption keys."""
    key_id = settings.ledger.key_id
    return KeyRing({key_id: settings.ledger.sealing_key()}, key_id)


async def open_ledger(
    settings: Settings,
    frames: Frames,
    *,
    worker: str,
    connections: int | None = None,
    warmed: Sequence[str] = EVERY_TURN,
) -> Ledger:
    """Connect. LedgerLostError when PostgreSQL does not answer.

    With as many connections as the settings say, unless told; all are opened at once and warmed with these
    statements.
    """
    return await Ledger.connect(
        settings.ledger.dsn,
        keys=key_ring(settings),
        snapshots=Snapshots(frames),
        lane=settings.worker.lane,
        worker=worker,
        pool_size=settings.ledger.pool_size if connections is None else connections,
        statement_timeout=settings.ledger.statement_timeout_seconds,
        warmed=warmed,
    )
