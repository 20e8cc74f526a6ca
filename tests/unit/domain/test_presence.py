"""How destinations are just now: what each word of theirs changes, and when one can be asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from building import CRISIS_LINE, a_destination
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import clauses
from bridge.domain.destination import Away, Destination
from bridge.domain.presence import UNHEARD, Presence, QueueState, SaidState, heard, unable

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LINE = a_destination(CRISIS_LINE)
Q = QueueState


def said(presence: Presence, state: SaidState | None, *, at: datetime = NOW) -> Presence:
    return heard(presence, state, said_at=at, reached_at=at, now=at)


@pytest.mark.parametrize(
    ("line", "presence", "clause"),
    [
        (LINE, UNHEARD, ""),
        (LINE, Presence(Q.STANDBY), ""),
        (LINE, Presence(Q.FULL), clauses.DESTINATION_FULL),
        (LINE, Presence(Q.RESOURCE_EXHAUSTED), clauses.DESTINATION_FULL),
        (LINE, Presence(Q.DISABLED), clauses.DESTINATION_OUT_OF_SERVICE),
        (LINE, Presence(Q.INACTIVE), clauses.DESTINATION_OUT_OF_SERVICE),
        (LINE, Presence(Q.UNREACHABLE), clauses.DESTINATION_SILENT),
        (LINE, Presence(staffed=False), clauses.DESTINATION_UNSTAFFED),
        (LINE, Presence(away_from=NOW), clauses.DESTINATION_OUT_OF_SERVICE),
        (LINE, Presence(away_from=NOW - HOUR, away_until=NOW + SECOND), clauses.DESTINATION_OUT_OF_SERVICE),
        (LINE, Presence(away_from=NOW - HOUR, away_until=NOW), ""),
        (LINE, Presence(away_from=NOW + SECOND), ""),
        (replace(LINE, away=(Away(NOW, NOW + SECOND),)), UNHEARD, clauses.DESTINATION_OUT_OF_SERVICE),
        (replace(LINE, away=(Away(NOW - HOUR, NOW),)), UNHEARD, ""),
        (replace(LINE, heartbeat_seconds=30.0), UNHEARD, clauses.DESTINATION_SILENT),
        (replace(LINE, heartbeat_seconds=30.0), Presence(heard_at=NOW - 30 * SECOND), ""),
        (
            replace(LINE, heartbeat_seconds=30.0),
            Presence(heard_at=NOW - 31 * SECOND),
            clauses.DESTINATION_SILENT,
        ),
        (replace(LINE, capacity=2), Presence(open_calls=1), ""),
        (replace(LINE, capacity=2), Presence(open_calls=2), clauses.DESTINATION_FULL),
    ],
)
def test_when_one_can_be_asked(line: Destination, presence: Presence, clause: str) -> None:
    assert unable(line, presence, NOW) == clause


def test_a_heartbeat_says_only_that_it_lives() -> None:
    full = said(UNHEARD, SaidState(Q.FULL, stated_wait=60.0))
    lives = said(full, None, at=NOW + SECOND)
    assert lives == replace(full, heard_at=NOW + SECOND)


def test_what_is_not_said_stays_as_it_was() -> None:
    first = said(UNHEARD, SaidState(Q.FULL, staffed=False, stated_wait=60.0))
    then = said(first, SaidState(), at=NOW + SECOND)
    assert (then.queue, then.staffed, then.stated_wait) == (Q.FULL, False, 60.0)


def test_an_older_word_changes_nothing_but_that_it_was_heard() -> None:
    first = said(UNHEARD, SaidState(Q.FULL))
    late = heard(first, SaidState(Q.ACTIVE), said_at=NOW - SECOND, reached_at=NOW + SECOND, now=NOW + SECOND)
    assert late == replace(first, heard_at=NOW + SECOND)


def test_who_is_active_again_is_back_from_a_window_without_an_end_and_keeps_a_later_one() -> None:
    gone = said(UNHEARD, SaidState(away_from=NOW - HOUR))
    assert said(gone, SaidState(Q.ACTIVE)).away_from is None
    planned = said(UNHEARD, SaidState(away_from=NOW + HOUR, away_until=NOW + 2 * HOUR))
    assert said(planned, SaidState(Q.ACTIVE)).away_from == NOW + HOUR


def test_a_clock_that_is_ahead_does_not_make_it_heard_in_the_future() -> None:
    assert heard(UNHEARD, None, said_at=NOW, reached_at=NOW + HOUR, now=NOW).heard_at == NOW


STATES = st.builds(
    SaidState,
    queue=st.sampled_from(Q),
    staffed=st.none() | st.booleans(),
    stated_wait=st.none() | st.floats(0, 600),
)


@given(st.lists(STATES, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_in_whatever_order_words_come_the_newest_one_counts_for_what_it_says(states, random) -> None:
    words = [(state, NOW + number * SECOND) for number, state in enumerate(states)]
    newest, _ = words[-1]
    random.shuffle(words)
    presence = UNHEARD
    for state, at in words:
        presence = heard(presence, state, said_at=at, reached_at=NOW, now=NOW)
    if newest.queue is not Q.UNKNOWN:
        assert presence.queue is newest.queue
    if newest.staffed is not None:
        assert presence.staffed is newest.staffed
