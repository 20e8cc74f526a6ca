"""The parts of a process, made from settings: frames, keys, the ledger, the ways out."""

import socket
from collections.abc import Sequence
from functools import partial

from aiokafka import AIOKafkaProducer
from faust.auth import SASLCredentials
from faust.types.auth import CredentialsT, SASLMechanism

from bridge.channels.kafka import KafkaChannel
from bridge.domain.incident import Incident
from bridge.ledger.connection import EVERY_TURN
from bridge.ledger.ledger import Ledger
from bridge.ledger.sealing import KeyRing
from bridge.settings import Settings, connection
from bridge.wire import incidents
from bridge.wire.frames import Frames
from bridge.wire.registry import ConfluentRegistry

_REQUEST_TIMEOUT_MS = 5_000


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
    settings: Settings, frames: Frames, *, worker: str, warmed: Sequence[str] = EVERY_TURN
) -> Ledger:
    """Connect, warmed with these statements. LedgerLostError when PostgreSQL does not answer."""
    return await Ledger.connect(
        settings.ledger.dsn,
        keys=key_ring(settings),
        snapshots=Snapshots(frames),
        lane=settings.worker.lane,
        worker=worker,
        pool_size=settings.ledger.pool_size,
        statement_timeout=settings.ledger.statement_timeout_seconds,
        warmed=warmed,
    )


def kafka_channel(settings: Settings, frames: Frames) -> KafkaChannel:
    """The way out over Kafka: idempotent, acknowledged by all replicas."""
    new_producer = partial(
        AIOKafkaProducer,
        **connection(settings.kafka),
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        request_timeout_ms=_REQUEST_TIMEOUT_MS,
        max_request_size=settings.wire.max_message_bytes + 64 * 1024,
    )
    return KafkaChannel(new_producer, frames, source=f"bridge/{socket.getfqdn()}")


def credentials(settings: Settings) -> CredentialsT | None:
    """How Faust signs in where a SASL protocol is set; certificates are in the SSL context."""
    kafka = settings.kafka
    if not kafka.security_protocol.startswith("SASL"):
        return None
    return SASLCredentials(
        username=kafka.username,
        password=kafka.password,
        mechanism=SASLMechanism(kafka.sasl_mechanism or "PLAIN"),
        ssl_context=connection(kafka)["ssl_context"],
    )
