"""What every way out promises: `render` makes bytes, `send` hands them over, `check` asks whether it would.

`render` is pure, so that the bytes are stored before they are sent. `send` never raises for one message:
each gets a receipt or the error that befell it, in order. Bytes handed over are not a person reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.domain.message import Offer, Quarantined, Return, Status
from bridge.errors import ChannelError

Message = Offer | Return | Status | Quarantined

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it will leave, byte for byte."""

    key: bytes
    headers: Headers
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt to hand over one rendered message at one address."""

    message_id: str
    address: str
    key: bytes
    headers: Headers
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side's system has it. `answer` says how it said so, e.g. `crisis-line.offers[2]@1017`."""

    answer: str


class Channel(Protocol):
    """One way out."""

    def render(self, message: Message) -> Rendered:
        """The bytes, the key and the headers. Pure: the same message, the same bytes."""

    async def send(self, messages: Sequence[Outgoing]) -> list[Receipt | ChannelError]:
        """Hand over in order; one answer each. Safe to repeat: the receiver dedupes by message id."""

    async def check(self, address: str) -> None:
        """Raise ChannelError with the remedy when a message to `address` could not be handed over now."""

    async def close(self) -> None:
        """Let go of connections."""
