"""Rules that no single key can keep: what must hold between two of them."""

from collections.abc import Iterator
from dataclasses import astuple

from bridge.settings.kafka import Kafka
from bridge.settings.sections import Settings, Worker

Broken = tuple[str, str, str]
"""Path, rule and remedy."""


def broken_rules(settings: Settings) -> Iterator[Broken]:
    """Every rule between keys that these settings break."""
    yield from _of_kafka(settings.kafka)
    yield from _of_worker(settings.worker)


def _of_kafka(kafka: Kafka) -> Iterator[Broken]:
    if kafka.min_insync_replicas > kafka.replication:
        yield (
            "kafka.min_insync_replicas",
            "is more than kafka.replication, so that no record could ever be written",
            f"set it to {kafka.replication} or less",
        )
    names = astuple(kafka.topics)
    if len(set(names)) < len(names):
        yield "kafka.topics", "two topics have one name", "give each its own"
    if (kafka.cert_file is None) != (kafka.key_file is None):
        missing = "cert_file" if kafka.cert_file is None else "key_file"
        yield f"kafka.{missing}", "a certificate and its key come together", "set both or neither"
    if kafka.security_protocol.startswith("SASL"):
        for name in ("sasl_mechanism", "username", "password"):
            if getattr(kafka, name) is None:
                yield f"kafka.{name}", f"{kafka.security_protocol} needs it", "set it, or change the protocol"


def _of_worker(worker: Worker) -> Iterator[Broken]:
    if worker.sweep_milliseconds >= worker.lease_seconds * 1000:
        yield (
            "worker.sweep_milliseconds",
            "is not shorter than worker.lease_seconds, so that a claim would end unseen",
            "set it to a tenth of the lease or less",
        )
