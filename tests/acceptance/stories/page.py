"""The page of the stories, as it stands in the documents: an index, and the time lines that tell most."""

from pathlib import Path

from tests.acceptance.stories.told import STORIES
from tests.faults.ground import CHECKOUT

PAGE = CHECKOUT / "docs" / "stories.md"
TIME_LINES = Path(__file__).parent / "timelines"

_TELL_MOST = (
    "austin-emcot",
    "durham-heart",
    "louisville-988",
    "denver-star",
    "baltimore-here2help",
    "san-francisco-scrt",
    "los-angeles-rescue",
    "houston-ccd-consult",
    "denver-silence",
)

_BEGINNING = """\
# Stories

A story for each program, and more where it has more ways of its own, played on real Kafka and PostgreSQL by
two lanes: what people do, who has the call after each step, and what `bridge show` prints of it. Each is
played by the program's own policy, most by one of its [worked calls](../deploy/policies/programs/calls); the
programs' files are modelled on public descriptions, not on anybody's protocol. Doors are open at any hour in
a story, but for Atlanta's 311, which is closed; Olympia's teams, Durham's navigators, the 988 centres of
Eugene and Louisville, and that Denver's crisis line gives a heartbeat are invented.

What people say reaches the bridge by Kafka or by HTTP with the same effect. Whoever a story names under
`By HTTP` speaks and hears through a `bridge desk`, with a key of their own and by long poll; everybody else
is on Kafka.

The stories are [tests](../tests/acceptance/stories), and this page is written by them
(`BRIDGE_WRITE_TIME_LINES=1 python -m pytest tests/acceptance/stories`). A time line leaves out times, and
what differs from one machine to the next: lanes, partitions, offsets, and the longer part of each id.

| Story | Its own way |
|---|---|
"""


def page() -> str:
    """The whole page."""
    lines = [
        f"| [{each.title}](../tests/acceptance/stories/timelines/{each.name}.txt) | {each.way} |"
        for each in STORIES
    ]
    return _BEGINNING + "\n".join(lines) + "\n" + "".join(_told(name) for name in _TELL_MOST)


def _told(name: str) -> str:
    title, _, rest = (TIME_LINES / f"{name}.txt").read_text().partition("\n")
    return f"\n## {title}\n\n```text\n{rest.strip()}\n```\n"
