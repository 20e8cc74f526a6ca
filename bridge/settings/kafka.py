"""The `kafka` section: how to reach the brokers, and the topics that carry the calls.

Topics hold callers' words in clear, so that they are kept as short as the work allows: long enough to
come back after a bad weekend, and no longer.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypedDict

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config

from bridge.settings.key import Says, always

TopicName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
"""What Apache Kafka allows as the name of a topic."""

Count = Annotated[int, Field(ge=1)]
Hours = Annotated[int, Field(ge=1, le=24 * 366)]


def _split(value: object) -> object:
    """An environment variable has one text where the file has a list."""
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def _addresses(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("names no broker")
    for address in value:
        host, _, port = address.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("is not a list of host:port")
    return value


Addresses = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_addresses)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Topics:
    """The five topics every installation has. Destinations that listen on Kafka have one more each."""

    cad_events: Annotated[TopicName, Says("What CAD says of its incidents; the way in.")] = "cad.events"
    signals: Annotated[TopicName, Says("What hotlines say of the calls they were offered.")] = (
        "hotline.signals"
    )
    returns: Annotated[TopicName, Says("What goes back to 911's CAD.")] = "cad.returns"
    more_returns: Annotated[
        tuple[TopicName, ...],
        BeforeValidator(_split),
        Says("Other topics where 911 is told, each in its turn, of a call that comes back and nobody took."),
    ] = ()
    status: Annotated[TopicName, Says("Every change, without a caller's words.")] = "bridge.status"
    quarantine: Annotated[TopicName, Says("Where and why a record could not be read.")] = "bridge.quarantine"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class RetentionHours:
    """How long each kind of topic keeps its records."""

    cad_events: Annotated[Hours, Says("How long CAD events can be read again.", "hours")] = 72
    signals: Annotated[Hours, Says("How long signals can be read again.", "hours")] = 72
    returns: Annotated[Hours, Says("How long 911's CAD may be away and miss nothing.", "hours")] = 72
    status: Annotated[Hours, Says("How long changes can be read again.", "hours")] = 168
    quarantine: Annotated[Hours, Says("How long somebody has to look at what was not read.", "hours")] = 336
    offers: Annotated[Hours, Says("How long a hotline may be away and still see its offers.", "hours")] = 24


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Kafka:
    """How to reach the brokers, and how topics are made."""

    bootstrap: Annotated[
        Addresses,
        Says("The brokers to ask first.", remedy="set it to host:port, several separated by commas"),
    ] = ("localhost:9092",)
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Says("How the brokers are spoken to; SSL or SASL_SSL wherever a network is crossed."),
    ] = "PLAINTEXT"
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None,
        Says("How the bridge signs in; needed with a SASL protocol."),
    ] = None
    username: Annotated[str | None, Says("Who the bridge is to the brokers.")] = None
    password: Annotated[str | None, Says("The password for `username`.", secret=always)] = field(
        default=None, repr=False
    )
    password_file: Annotated[Path | None, Says("A file that holds the password.")] = None
    ca_file: Annotated[Path | None, Says("The authority that signed the brokers' certificates.")] = None
    cert_file: Annotated[Path | None, Says("The bridge's own certificate, for mutual TLS.")] = None
    key_file: Annotated[Path | None, Says("The private key of `cert_file`.")] = None
    partitions: Annotated[Count, Says("Of a topic that `bridge topics` makes.", "partitions")] = 4
    replication: Annotated[Count, Says("Brokers that hold a copy of each partition.", "brokers")] = 3
    min_insync_replicas: Annotated[
        Count, Says("Copies that must be written before a record counts as sent.", "brokers")
    ] = 2
    topics: Topics = field(default_factory=Topics)
    retention_hours: RetentionHours = field(default_factory=RetentionHours)


class Connection(TypedDict):
    """The arguments that every client of aiokafka takes to reach the brokers."""

    bootstrap_servers: list[str]
    security_protocol: str
    ssl_context: ssl.SSLContext | None
    sasl_mechanism: str
    sasl_plain_username: str | None
    sasl_plain_password: str | None


def connection(kafka: Kafka) -> Connection:
    """How any client of aiokafka reaches these brokers. Reads the certificate files; TLS 1.2 or newer."""
    return Connection(
        bootstrap_servers=list(kafka.bootstrap),
        security_protocol=kafka.security_protocol,
        ssl_context=_ssl_context(kafka),
        sasl_mechanism=kafka.sasl_mechanism or "PLAIN",
        sasl_plain_username=kafka.username,
        sasl_plain_password=kafka.password,
    )


def _ssl_context(kafka: Kafka) -> ssl.SSLContext | None:
    if not kafka.security_protocol.endswith("SSL"):
        return None
    context = ssl.create_default_context(cafile=kafka.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if kafka.cert_file:
        context.load_cert_chain(kafka.cert_file, kafka.key_file)
    return context
