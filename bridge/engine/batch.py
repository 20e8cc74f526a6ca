"""What one fetch brought from one partition, and how it passes through Faust undecoded.

One Faust event carries one Batch. A batch knows where it was read and in which epoch of reading; it does not
know what its bytes mean. Its repr shows places only: the bytes may hold a narrative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from aiokafka import ConsumerRecord
from faust.serializers.schemas import Schema
from faust.types import AppT, Message

T = TypeVar("T")
U = TypeVar("U")

#: (topic, partition). Faust's and aiokafka's own types are such tuples and equal them.
TopicPartition: TypeAlias = tuple[str, int]

#: A record as it came: topic, partition, offset, timestamp (ms), key, value, headers.
Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]


@dataclass(frozen=True, slots=True, repr=False)
class Batch(Generic[T]):
    """Records of one partition in offset order, never empty; `decoded[i]` is what `records[i]` says."""

    topic: str
    partition: int
    records: Sequence[Record]
    epoch: int = 0
    decoded: Sequence[T] = ()

    @property
    def first_offset(self) -> int:
        return self.records[0].offset

    @property
    def last_offset(self) -> int:
        return self.records[-1].offset

    @property
    def next_offset(self) -> int:
        """The offset to read after this batch: what the ledger stores as the lane's position."""
        return self.records[-1].offset + 1

    @property
    def oldest_ms(self) -> int:
        """Kafka's timestamp of the first record, milliseconds since 1970."""
        return self.records[0].timestamp

    @property
    def size_bytes(self) -> int:
        return sum(record.serialized_value_size for record in self.records)

    def saying(self, decoded: Sequence[U]) -> "Batch[U]":
        """The same records with what they say."""
        return Batch(self.topic, self.partition, self.records, self.epoch, decoded)

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"<Batch {self.topic}/{self.partition} {self.first_offset}..{self.last_offset}>"


class PassThrough(Schema[Any, Any]):
    """Hands a batch on as it is: Faust decodes nothing, so it can ack nothing it failed to decode."""

    def loads_key(self, app: AppT, message: Message, **_: Any) -> Any:
        return message.key

    def loads_value(self, app: AppT, message: Message, **_: Any) -> Any:
        return message.value
