"""What hotlines, callers and 911 may do with a call, as rules in any order, and what is true after each.

The same rules on any ground. Beside it the pure domain goes along: a ledger on which workers die comes to the
same as a domain in which nothing does.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bridge.domain.ids import NINE_ONE_ONE
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import ENDS, HOLDING, State
from tests.model.deeds import BY_911, Deed, Ground, Seen
from tests.model.pure import Pure

K = SignalKind
DYING = st.one_of(st.none(), st.integers(0, 14))
"""After how many statements whoever does it dies. A turn has fewer: the last ones die after their COMMIT."""
LIKELY = 6
WHICH = st.integers(0, LIKELY + 3)
OF_WHO_HAS_IT = frozenset({K.RELEASED, K.RETURN_ASKED, K.RETURN_TAKEN, K.CLOSED, K.HANDED_ON})


class People(RuleBasedStateMachine):
    """One call. `ground_of` answers where it lives beside the pure domain, or None."""

    ground_of: Callable[[], Ground | None] = staticmethod(lambda: None)

    def __init__(self) -> None:
        super().__init__()
        self.pure = Pure()
        self.ground = type(self).ground_of()
        self.said: list[Deed] = []
        self.before: Seen | None = None

    @initialize(on_the_line=st.booleans(), taken=st.integers(0, 2))
    def offer(self, on_the_line: bool, taken: int) -> None:
        """A call is offered, and the crisis line may have the caller at once, and hand the call on."""
        for each in self._grounds():
            each.begins(on_the_line=on_the_line)
        for kind in (K.VOICE_CONTACT, K.HANDED_ON)[:taken]:
            self._say(kind, 0, None)

    @rule(which=WHICH, kind=st.sampled_from([K.ALERTING, K.QUEUED]), dies=DYING)
    def ring(self, which: int, kind: SignalKind, dies: int | None) -> None:
        self._say(kind, which, dies)

    @rule(which=WHICH, dies=DYING)
    def answer(self, which: int, dies: int | None) -> None:
        self._say(K.ANSWERED, which, dies)

    @rule(which=WHICH, dies=DYING)
    def contact(self, which: int, dies: int | None) -> None:
        self._say(K.VOICE_CONTACT, which, dies)

    @rule(which=WHICH, agreed=st.booleans(), dies=DYING)
    def claim(self, which: int, agreed: bool, dies: int | None) -> None:
        self._say(K.CLAIMED, which, dies, agreed=agreed)

    @rule(which=WHICH, dies=DYING)
    def release(self, which: int, dies: int | None) -> None:
        self._say(K.RELEASED, which, dies)

    @rule(which=WHICH, dies=DYING)
    def decline(self, which: int, dies: int | None) -> None:
        self._say(K.DECLINED, which, dies)

    @rule(which=WHICH, dies=DYING)
    def give_back(self, which: int, dies: int | None) -> None:
        self._say(K.RETURN_ASKED, which, dies)

    @rule(which=WHICH, dies=DYING)
    def take_back(self, which: int, dies: int | None) -> None:
        self._say(K.RETURN_TAKEN, which, dies)

    @rule(which=WHICH, kind=st.sampled_from([K.RECALLED, K.REJECTED, K.WITHDRAWN, K.CONFIRMED]), dies=DYING)
    def recall(self, which: int, kind: SignalKind, dies: int | None) -> None:
        self._say(kind, which, dies)

    @rule(which=WHICH, agreed=st.booleans(), dies=DYING)
    def hang_up(self, which: int, agreed: bool, dies: int | None) -> None:
        self._say(K.HUNG_UP, which, dies, agreed=agreed)

    @rule(which=WHICH, dies=DYING)
    def close(self, which: int, dies: int | None) -> None:
        self._say(K.CLOSED, which, dies)

    @rule(which=WHICH, dies=DYING)
    def hand_on(self, which: int, dies: int | None) -> None:
        self._say(K.HANDED_ON, which, dies)

    @rule(which=WHICH, dies=DYING)
    def introduce(self, which: int, dies: int | None) -> None:
        self._say(K.CALLER_TOLD, which, dies)

    @rule(which=WHICH, dies=DYING)
    def deadline(self, which: int, dies: int | None) -> None:
        """Nothing is said; the wait of one transfer is over."""
        attempt = self._attempt(which)
        for each in self._grounds():
            each.silence(attempt, dies_after=dies)

    @rule(dies=DYING)
    def danger(self, dies: int | None) -> None:
        for each in self._grounds():
            each.danger(dies_after=dies)

    @precondition(lambda self: self.said)
    @rule(which=WHICH, dies=DYING)
    def duplicate(self, which: int, dies: int | None) -> None:
        """What was said before comes again, however late: nothing changes."""
        stands = self.pure.seen()
        self._do(self.said[which % len(self.said)], dies)
        assert self.pure.seen() == stands

    @invariant()
    def one_has_the_call_and_911_knows(self) -> None:
        if not hasattr(self.pure, "holder"):
            return
        seen = self.pure.seen()
        if self.ground is not None:
            assert self.ground.seen() == seen
        assert seen.told == seen.holder, "911 does not know who has the call"
        holding = [name for name, state in seen.transfers if State(state) in HOLDING]
        assert len(holding) <= 1, "two have the call"
        closed = [name for name, state in seen.transfers if state == State.CLOSED]
        assert [seen.holder] == holding or (not holding and seen.holder in {NINE_ONE_ONE, *closed})
        if self.before is not None:
            stood = zip(self.before.transfers, seen.transfers, strict=False)
            assert all(now == then for then, now in stood if State(then[1]) in ENDS), "an end changed"
        self.before = seen

    def teardown(self) -> None:
        if self.ground is not None and self.before is not None:
            self.ground.ends()

    def _grounds(self) -> list[Ground]:
        return [self.pure, *([self.ground] if self.ground is not None else [])]

    def _attempt(self, which: int, kind: SignalKind | None = None) -> int:
        """Mostly the transfer that this is said of, sometimes any: what is said of an old one is late."""
        transfers = self.pure.transfers
        if which >= LIKELY:
            return (which - LIKELY) % len(transfers) + 1
        having = [number for number, each in transfers.items() if each.state in HOLDING]
        return having[0] if having and kind in OF_WHO_HAS_IT else len(transfers)

    def _say(self, kind: SignalKind, which: int, dies: int | None, *, agreed: bool = False) -> None:
        attempt = self._attempt(which, kind)
        by = NINE_ONE_ONE if kind in BY_911 else self.pure.transfers[attempt].destination
        self._do(Deed(kind, attempt, by, f"d{len(self.said)}", agreed), dies)

    def _do(self, deed: Deed, dies: int | None) -> None:
        self.said.append(deed)
        for each in self._grounds():
            each.does(deed, dies_after=dies)


def lives(count: int, *, steps: int, derandomize: bool = True) -> settings:
    """So many calls of at most so many deeds each."""
    return settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=derandomize,
    )


def lived_on(ground: Callable[[str], Ground], dsn: str, how_many: settings) -> None:
    """Many calls on one ledger at `dsn`; AssertionError when one differs from the pure domain."""
    there = ground(dsn)
    try:
        people = type("PeopleThere", (People,), {"ground_of": staticmethod(lambda: there)})
        run_state_machine_as_test(people, settings=how_many)
    finally:
        there.close()
