"""Every other section of the settings, and `Settings`, which holds them all.

Durations carry their unit in their name. A default is a value that is safe to run with.
"""

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config

from bridge.errors import SettingsError
from bridge.settings.kafka import Kafka
from bridge.settings.key import Says, always

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Port = Annotated[int, Field(ge=0, le=65535)]

_KEY_BYTES = 32
_MAKE_A_KEY = "set it to 32 random bytes in base64, as `openssl rand -base64 32` prints them"


def holds_password(address: str) -> bool:
    """Whether this address says a password, which must not stand in a settings file."""
    try:
        parts = urlsplit(address)
        return parts.password is not None or "password" in parse_qs(parts.query)
    except ValueError:  # what cannot be read cannot be shown to be harmless
        return True


def _dsn(value: str) -> str:
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = ""
    if scheme not in {"postgresql", "postgres"}:
        raise ValueError("is not an address of PostgreSQL")
    return value


def _secret_bytes(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    if len(decoded) != _KEY_BYTES:
        raise ValueError(f"is {len(decoded)} bytes long, not {_KEY_BYTES}")
    return decoded


SecretBytes = Annotated[bytes, BeforeValidator(_secret_bytes)]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Ledger:
    """The PostgreSQL record, and the key that seals callers' words in it."""

    dsn: Annotated[
        Annotated[str, AfterValidator(_dsn)],
        Says(
            "Where the ledger is; without a password it may stand in the file.",
            remedy="set it to postgresql://user@host:5432/database",
            secret=holds_password,
        ),
    ] = field(default="postgresql://localhost:5432/bridge", repr=False)
    dsn_file: Annotated[Path | None, Says("A file that holds `dsn`, for one with a password.")] = None
    key: Annotated[
        SecretBytes | None,
        Says("The key-encryption key, AES-256.", "32 bytes in base64", remedy=_MAKE_A_KEY, secret=always),
    ] = field(default=None, repr=False)
    key_file: Annotated[Path | None, Says("A file that holds `key`.")] = None
    key_id: Annotated[Name, Says("The name written beside what `key` sealed; a new key, a new name.")] = "k1"
    pool_size: Annotated[Count, Says("Connections that one process may hold.", "connections")] = 10
    statement_timeout_seconds: Annotated[
        Positive, Says("A statement that runs longer is given up.", "seconds")
    ] = 2.0
    lost_retry_seconds: Annotated[
        Positive, Says("How long a worker tries again when the ledger is gone, before it ends.", "seconds")
    ] = 20.0

    def sealing_key(self) -> bytes:
        """The key-encryption key, for whoever cannot work without it. SettingsError when there is none."""
        if self.key is None:
            raise SettingsError(
                "ledger.key: there is none, and callers' words are never stored unsealed; "
                f"{_MAKE_A_KEY}, in BRIDGE_LEDGER__KEY or in the file that ledger.key_file names"
            )
        return self.key


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Worker:
    """One lane's process."""

    lane: Annotated[Name, Says("Which complete copy of the workers this one belongs to.")] = "a"
    group: Annotated[Name, Says("Consumer groups are named `<group>.<lane>`.")] = "bridge"
    turn_limit: Annotated[Count, Says("Most records in one ledger transaction.", "records")] = 500
    lease_seconds: Annotated[Positive, Says("How long a claimed delivery stays claimed.", "seconds")] = 3.0
    sweep_milliseconds: Annotated[
        Count, Says("How often deadlines and left-over deliveries are looked for.", "milliseconds")
    ] = 250
    reload_seconds: Annotated[
        Positive,
        Says("How often the files of policies, destinations and words are looked at for changes.", "seconds"),
    ] = 5.0
    watchdog_seconds: Annotated[
        Positive, Says("The process ends when its loop has not run for this long.", "seconds")
    ] = 3.0
    stall_seconds: Annotated[
        Positive, Says("The process ends when work waits and nothing moves for this long.", "seconds")
    ] = 5.0
    probes_host: Annotated[str, Says("Where metrics and probes are served; 0.0.0.0 inside a container.")] = (
        "127.0.0.1"
    )
    probes_port: Annotated[Port, Says("The port for metrics and probes; 0 takes any free one.")] = 9911

    @property
    def consumer_group(self) -> str:
        """The consumer group of this lane."""
        return f"{self.group}.{self.lane}"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Desk:
    """The HTTP API."""

    host: Annotated[str, Says("Where the HTTP API listens; 0.0.0.0 inside a container.")] = "127.0.0.1"
    port: Annotated[Port, Says("The port of the HTTP API; 0 takes any free one.")] = 9912
    body_bytes: Annotated[Count, Says("A longer body is refused before it is read.", "bytes")] = 64 * 1024
    read_seconds: Annotated[Positive, Says("How long a body may take to come.", "seconds")] = 5.0
    answer_seconds: Annotated[
        Positive, Says("How long a deed may take, a lost ledger waited for included.", "seconds")
    ] = 10.0
    per_second: Annotated[Positive, Says("Requests that one side may make for long.", "requests/second")] = (
        50.0
    )
    burst: Annotated[Count, Says("Requests that it may make at once.", "requests")] = 100
    urgent_per_second: Annotated[
        Positive,
        Says("The same of requests that move a caller; nothing else uses these up.", "requests/second"),
    ] = 100.0
    urgent_burst: Annotated[Count, Says("Of these, how many at once.", "requests")] = 400
    waiting_of_one: Annotated[
        Count, Says("Long polls and streams that one side may have open.", "requests")
    ] = 8
    waiting_of_all: Annotated[Count, Says("Long polls and streams of everybody.", "requests")] = 400
    answers_kept_hours: Annotated[
        Positive, Says("How long the answer to a repeated request stays the same.", "hours")
    ] = 72.0


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Call:
    """Bounds on the time of one call."""

    budget_seconds: Annotated[
        Positive, Says("How long destinations are asked for one call before it stays with 911.", "seconds")
    ] = 120.0
    waits_scale: Annotated[
        Positive, Says("Every destination's waits are multiplied by this; 1 but for a demonstration.")
    ] = 1.0


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes on Kafka."""

    registry_url: Annotated[
        str | None,
        Says(
            "A schema registry; without one, records carry their schema's fingerprint.",
            secret=holds_password,
        ),
    ] = None
    max_message_bytes: Annotated[Count, Says("A longer record goes to quarantine.", "bytes")] = 8 * 1024**2


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Paths:
    """Folders beside the settings file."""

    policies: Annotated[Path, Says("The folder of the agencies' policies.")] = Path("policies")
    destinations: Annotated[Path, Says("The folder of the destinations.")] = Path("destinations")
    words: Annotated[Path, Says("The folder of the shared word lists.")] = Path("words")
    shadow: Annotated[
        Path | None,
        Says(
            "A folder of policies that decide beside those in force; they are counted, and nothing is sent."
        ),
    ] = None


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Log:
    """What is said on standard error."""

    level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Says("The least that is worth a line.")
    ] = "INFO"
    format: Annotated[Literal["logfmt", "json"], Says("How a line is written.")] = "logfmt"
    hash_key: Annotated[
        SecretBytes | None,
        Says(
            "Hides call ids in logs; without one it is derived from `ledger.key`.",
            "32 bytes in base64",
            remedy=_MAKE_A_KEY,
            secret=always,
        ),
    ] = field(default=None, repr=False)
    hash_key_file: Annotated[Path | None, Says("A file that holds `hash_key`.")] = None


@with_config(ConfigDict(extra="forbid", defer_build=True))
@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, checked. What checks it is built when settings are first read."""

    kafka: Kafka = field(default_factory=Kafka)
    ledger: Ledger = field(default_factory=Ledger)
    worker: Worker = field(default_factory=Worker)
    desk: Desk = field(default_factory=Desk)
    call: Call = field(default_factory=Call)
    wire: Wire = field(default_factory=Wire)
    paths: Paths = field(default_factory=Paths)
    log: Log = field(default_factory=Log)
