"""What a story is, and the list of those that are told."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from tests.acceptance.stories.call import Call

Telling = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Story:
    """One story. `program` is the name of the policy that it is played by, `way` what it shows in a line.

    Whoever is named in `by_http` speaks and hears by HTTP.
    """

    name: str
    program: str
    title: str
    way: str
    number: int
    tell: Telling
    by_http: frozenset[str] = frozenset()


STORIES: list[Story] = []


def story(
    program: str,
    title: str,
    *,
    shows: str,
    name: str = "",
    number: int = 1,
    by_http: Collection[str] = (),
) -> Callable[[Telling], Telling]:
    """Put a function among the stories."""

    def kept(tell: Telling) -> Telling:
        STORIES.append(Story(name or program, program, title, shows, number, tell, frozenset(by_http)))
        return tell

    return kept
