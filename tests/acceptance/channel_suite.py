"""What every way out must keep, whatever it is made of. A new channel is one more `Ground`.

A ground is one channel with a real other side: an address that works, one that does not exist, and a way
to read what arrived.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.channels.contract import Channel, Headers, Message, Outgoing, Receipt
from bridge.errors import ChannelError


@dataclass(frozen=True)
class Arrived:
    """One message as the other side has it."""

    key: bytes
    headers: Headers
    content: bytes


class Ground(Protocol):
    """One channel and its real other side."""

    channel: Channel
    address: str
    nowhere: str
    largest: int

    async def arrived(self, count: int) -> list[Arrived]:
        """The first `count` messages that arrived at `address`, in order."""

    async def other_side_restarts(self) -> None:
        """The other side goes away and comes back."""


def outgoing(
    ground: Ground, message: Message, *, address: str = "", content: bytes | None = None
) -> Outgoing:
    rendered = ground.channel.render(message)
    return Outgoing(
        message.message_id,
        address or ground.address,
        rendered.key,
        rendered.headers,
        rendered.content if content is None else content,
    )


async def renders_the_same_bytes_each_time(ground: Ground, messages: Sequence[Message]) -> None:
    for message in messages:
        assert ground.channel.render(message) == ground.channel.render(message)


async def hands_over_byte_for_byte_in_order(ground: Ground, messages: Sequence[Message]) -> None:
    sent = [outgoing(ground, message) for message in messages]
    answers = await ground.channel.send(sent)
    assert [type(answer) for answer in answers] == [Receipt] * len(sent)
    arrived = await ground.arrived(len(sent))
    assert [(each.key, each.headers, each.content) for each in arrived] == [
        (each.key, each.headers, each.content) for each in sent
    ]


async def a_repeat_arrives_again_under_the_same_id(ground: Ground, messages: Sequence[Message]) -> None:
    sent = outgoing(ground, messages[0])
    await ground.channel.send([sent])
    await ground.channel.send([sent])
    first, second = await ground.arrived(2)
    assert first == second
    assert dict(first.headers)["ce_id"] == sent.message_id.encode()


async def an_unknown_address_is_an_answer_and_harms_no_other(
    ground: Ground, messages: Sequence[Message]
) -> None:
    lost, good = await ground.channel.send(
        [outgoing(ground, messages[0], address=ground.nowhere), outgoing(ground, messages[1])]
    )
    assert isinstance(lost, ChannelError)
    assert isinstance(good, Receipt)


async def what_can_never_pass_is_said_to_be_permanent(ground: Ground, messages: Sequence[Message]) -> None:
    [answer] = await ground.channel.send([outgoing(ground, messages[0], content=b"x" * (ground.largest + 1))])
    assert isinstance(answer, ChannelError)
    assert answer.permanent


async def an_error_repeats_nothing_of_the_message(ground: Ground, messages: Sequence[Message]) -> None:
    canary = b"SHE SEES SPIDERS"
    [answer] = await ground.channel.send(
        [outgoing(ground, messages[0], content=canary + b"x" * (ground.largest + 1))]
    )
    assert isinstance(answer, ChannelError)
    assert canary.decode() not in str(answer)
    assert answer.__cause__ is None


async def check_names_the_remedy(ground: Ground, _: Sequence[Message]) -> None:
    await ground.channel.check(ground.address)
    try:
        await ground.channel.check(ground.nowhere)
    except ChannelError as error:
        assert "; " in str(error), "what is wrong; what to do"
    else:
        raise AssertionError("an address that does not exist passed the check")


async def goes_on_after_the_other_side_was_away(ground: Ground, messages: Sequence[Message]) -> None:
    await ground.channel.send([outgoing(ground, messages[0])])
    await ground.other_side_restarts()
    for _ in range(20):
        [answer] = await ground.channel.send([outgoing(ground, messages[1])])
        if isinstance(answer, Receipt):
            return
        assert not answer.permanent
    raise AssertionError("the channel never came back")


SUITE = (
    renders_the_same_bytes_each_time,
    hands_over_byte_for_byte_in_order,
    a_repeat_arrives_again_under_the_same_id,
    an_unknown_address_is_an_answer_and_harms_no_other,
    what_can_never_pass_is_said_to_be_permanent,
    an_error_repeats_nothing_of_the_message,
    check_names_the_remedy,
    goes_on_after_the_other_side_was_away,
)
