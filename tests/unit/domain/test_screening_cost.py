"""What one screening costs, with the shipped policy and a narrative of 300 characters.

The budget is 150 us. A busy machine makes everything slow, so that it is held against a yardstick timed in
the same run: on the machine where the budget was set, `yardstick` takes 71 us.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from domain_calls import NOW, a_call
from shared_words import WORDS

from bridge.domain.decision import Verdict
from bridge.domain.screening import screen
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policy

DEPLOY = Path(__file__).parents[3] / "deploy"
BUDGET = 150 / 71
"""In yardsticks."""
NARRATIVE = (
    "RP ADVISES MALE AT THE BUS STOP IS TALKING TO HIMSELF AND CRYING. NO WEAPONS SEEN. NOT VIOLENT. "
    "NEG INJ. HE HAS BEEN THERE SINCE THE MORNING AND ASKS PEOPLE FOR WATER. RP WILL WAIT BY THE STORE "
    "ACROSS THE STREET AND CAN BE CALLED BACK. MALE IS IN A BLUE JACKET, GRAY PANTS, "
    "40S, NO SHOES. RP THINKS HE NEEDS HELP"
)


def test_a_screening_stays_within_its_budget() -> None:
    destinations = load_destinations(DEPLOY / "destinations")
    policy = load_policy(DEPLOY / "policies" / "dallas.toml", destinations)
    call = a_call("46", narrative=NARRATIVE)
    assert len(NARRATIVE) >= 300
    assert screen(call, policy, destinations, NOW).verdict is Verdict.OFFER
    cost, measure = cheapest(lambda: screen(call, policy, destinations, NOW))
    print(f"screening {len(NARRATIVE)} characters: {cost * 1e6:.0f} us, {cost / measure:.2f} yardsticks")
    assert cost < BUDGET * measure


def test_reading_with_all_shared_word_lists_stays_within_the_budget() -> None:
    cost, measure = cheapest(lambda: WORDS.read([NARRATIVE], "Welfare Check"))
    print(f"reading with all lists: {cost * 1e6:.0f} us, {cost / measure:.2f} yardsticks")
    assert cost < BUDGET * measure


def yardstick() -> object:
    """Plain work of the same kind: small strings and a dictionary."""
    words: dict[str, int] = {}
    for number in range(700):
        key = str(number % 97)
        words[key] = words.get(key, 0) + number
    return words


def cheapest(turn: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one turn and of the yardstick, in turns: the best of many medians of each."""
    rounds = [(middle(turn), middle(yardstick)) for _ in range(40)]
    return min(cost for cost, _ in rounds), min(measure for _, measure in rounds)


def middle(turn: Callable[[], object]) -> float:
    """Seconds of one turn: the median of fifty."""
    costs = []
    for _ in range(50):
        begun = time.perf_counter()
        turn()
        costs.append(time.perf_counter() - begun)
    return median(costs)
