"""CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, the value stays as it is.

Ours are complete; those of others are read as far as they go, because a header must never cost a call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

AVRO = "application/avro"
SPEC_VERSION = "1.0"
_SEQUENCE_DIGITS = 10
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """The attributes of one message. Empty and None: not said.

    `id` with `source` is unique; `subject` and `partition_key` are the incident; `expiry_time` is when
    the message is of no more use; `data_classification` names who may see the value.
    """

    id: str = ""
    source: str = ""
    type: str = ""
    subject: str = ""
    time: datetime | None = None
    partition_key: str = ""
    sequence: int | None = None
    expiry_time: datetime | None = None
    data_classification: str = ""
    trace_parent: str = ""
    content_type: str = AVRO
    spec_version: str = SPEC_VERSION


def headers(event: CloudEvent) -> list[tuple[str, bytes]]:
    """The headers of a message; what was not said has none.

    The sequence extension is compared as text, hence its leading zeros.
    """
    said = (
        ("ce_id", event.id),
        ("ce_source", event.source),
        ("ce_specversion", event.spec_version),
        ("ce_type", event.type),
        ("ce_time", event.time.isoformat() if event.time else ""),
        ("ce_subject", event.subject),
        ("ce_partitionkey", event.partition_key),
        ("ce_sequence", "" if event.sequence is None else f"{event.sequence:0{_SEQUENCE_DIGITS}d}"),
        ("ce_expirytime", event.expiry_time.isoformat() if event.expiry_time else ""),
        ("ce_dataclassification", event.data_classification),
        ("ce_traceparent", event.trace_parent),
        ("content-type", event.content_type),
    )
    return [(name, text.encode("utf-8", "replace")) for name, text in said if text]


def parse(headers: Sequence[tuple[str, bytes | None]] | None) -> CloudEvent:
    """The attributes in a message's headers. Never raises: a header that cannot be read says nothing."""
    said = dict(_texts(headers or ()))
    return CloudEvent(
        id=said.get("ce_id", ""),
        source=said.get("ce_source", ""),
        type=said.get("ce_type", ""),
        subject=said.get("ce_subject", ""),
        time=_time(said.get("ce_time", "")),
        partition_key=said.get("ce_partitionkey", ""),
        sequence=_number(said.get("ce_sequence", "")),
        expiry_time=_time(said.get("ce_expirytime", "")),
        data_classification=said.get("ce_dataclassification", ""),
        trace_parent=said.get("ce_traceparent", ""),
        content_type=said.get("content-type", ""),
        spec_version=said.get("ce_specversion", ""),
    )


def _texts(headers: Iterable[tuple[str, bytes | None]]) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        text = (value or b"")[:_LONGEST].decode("utf-8", "replace")
        if text.isprintable():
            yield name.lower(), text


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None
