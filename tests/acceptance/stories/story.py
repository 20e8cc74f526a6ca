"""What a story is, and the list of those that are told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.acceptance.stories.call import Call

Telling = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Story:
    """One story. `program` is the name of the policy that it is played by, `way` what it shows in a line."""

    name: str
    program: str
    title: str
    way: str
    number: int
    tell: Telling


STORIES: list[Story] = []


def story(
    program: str, title: str, *, shows: str, name: str = "", number: int = 1
) -> Callable[[Telling], Telling]:
    """Put a function among the stories."""

    def kept(tell: Telling) -> Telling:
        STORIES.append(Story(name or program, program, title, shows, number, tell))
        return tell

    return kept
