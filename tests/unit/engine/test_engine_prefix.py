"""What may be committed: never past a batch that is in flight, and in the end everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.engine.prefix import Prefix
from bridge.errors import EngineError

LASTS = st.lists(st.integers(0, 10_000), unique=True, min_size=1, max_size=40).map(sorted)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Deliveries in order of offset, with holes; each acked some time after, in any order, or never."""
    lasts, history, flying = draw(LASTS), [], []
    while lasts or flying:
        if lasts and (not flying or draw(st.booleans())):
            flying.append(lasts.pop(0))
            history.append(("deliver", flying[-1]))
        elif draw(st.integers(0, 9)):
            history.append(("ack", flying.pop(draw(st.integers(0, len(flying) - 1)))))
        else:
            flying.clear()
    return history


@given(histories())
def test_nothing_in_flight_is_ever_committed(history: list[tuple[str, int]]) -> None:
    prefix, delivered, acked, before = Prefix(), [], set(), -1
    for what, last in history:
        if what == "deliver":
            prefix.deliver(last)
            delivered.append(last)
        else:
            prefix.ack(last)
            acked.add(last)
        done = -1 if prefix.end is None else prefix.end - 1
        assert all(one in acked for one in delivered if one <= done)
        run = [one for index, one in enumerate(delivered) if acked.issuperset(delivered[: index + 1])]
        assert done == (run[-1] if run else -1), "all of the unbroken run is committed"
        assert done >= before, "commits never go back"
        before = done
    assert prefix.in_flight == len([one for one in delivered if one > before])


def test_the_first_offset_of_a_log_is_a_place() -> None:
    prefix = Prefix()
    prefix.deliver(0)
    assert prefix.end is None
    prefix.ack(0)
    assert prefix.end == 1


@pytest.mark.parametrize("again", [7, 6])
def test_reading_backwards_is_refused(again: int) -> None:
    prefix = Prefix()
    prefix.deliver(7)
    with pytest.raises(EngineError, match="read after 7"):
        prefix.deliver(again)


def test_an_ack_of_what_is_not_in_flight_is_refused() -> None:
    prefix = Prefix()
    prefix.deliver(7)
    with pytest.raises(EngineError, match="not in flight"):
        prefix.ack(8)
    prefix.ack(7)
    with pytest.raises(EngineError, match="not in flight"):
        prefix.ack(7)
