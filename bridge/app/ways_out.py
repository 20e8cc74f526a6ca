"""The ways out of a process, made from settings."""

import socket
from functools import partial

from aiokafka import AIOKafkaProducer

from bridge.channels.kafka import KafkaChannel
from bridge.settings import Settings, connection
from bridge.wire.frames import Frames

_REQUEST_TIMEOUT_MS = 5_000


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
