"""What a feed file says of each way in: a folder, an address that is polled, an address that is posted to.

How rows come in by them is each way's own file; whoever only reads a feed file needs no HTTP.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bridge.feeds.bounds import Address, Bytes, Port, Seconds, SecondsOrNone, section
from bridge.feeds.spool import Format


@section
@dataclass(frozen=True, slots=True)
class Drop:
    """The folder, how often it is looked at, and how long a file must stand still to count as whole.

    Whoever renames a file in, from a name that begins with a dot or ends in `.part` or `.tmp`, may set
    `still_seconds` to 0.
    """

    folder: Path
    look_every_seconds: Seconds = 1.0
    still_seconds: SecondsOrNone = 2.0


@section
@dataclass(frozen=True, slots=True)
class Poll:
    """What is asked for and how often. `headers_file` has a line `Name: value` for each header to send."""

    url: Address
    format: Format = "csv"
    every_seconds: Seconds = 30.0
    timeout_seconds: Seconds = 15.0
    largest_bytes: Bytes = 64 * 1024 * 1024
    give_up_after_seconds: Seconds = 900.0
    headers_file: Path | None = None


@section
@dataclass(frozen=True, slots=True)
class Webhook:
    """Where it listens, and what holds for one request. `key_file` holds what is said after `Bearer`.

    `waiting` is how many requests may wait for Kafka; one more is told to come back.
    """

    host: str = "127.0.0.1"
    port: Port = 9920
    key_file: Path | None = None
    largest_bytes: Bytes = 1024 * 1024
    read_seconds: Seconds = 10.0
    answer_seconds: Seconds = 10.0
    waiting: Annotated[int, Field(ge=1)] = 32
