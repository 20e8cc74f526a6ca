"""A sample of calls for people to read, drawn by chance with a seed: the same seed, the same calls.

What is drawn holds what callers said. It is for a file that somebody names and guards, and nothing else.
"""

import random
from collections.abc import Collection, Sequence

from bridge.domain.decision import Verdict
from bridge.planning.trial import Trial


def drawn(
    trials: Sequence[Trial], number: int, seed: int, verdicts: Collection[Verdict] = frozenset(Verdict)
) -> Sequence[Trial]:
    """So many of the calls with one of these verdicts, or all there are, in the order in which they came."""
    pool = [trial for trial in trials if trial.verdict in verdicts]
    chosen = random.Random(seed).sample(range(len(pool)), min(number, len(pool)))
    return [pool[place] for place in sorted(chosen)]
