"""How much one key may ask of us. What moves a caller has tokens of its own, which nothing else uses."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second for long, and `burst` at once."""

    per_second: float
    burst: float


@dataclass(slots=True)
class Bucket:
    """Tokens of one key: one for each request, filled again as time goes by."""

    rate: Rate
    clock: Callable[[], float] = time.monotonic
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens = self.rate.burst
        self._at = self.clock()

    def wait(self) -> float:
        """Take a token and answer 0, or answer in how many seconds there will be one."""
        now = self.clock()
        self._tokens = min(self.rate.burst, self._tokens + (now - self._at) * self.rate.per_second)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self.rate.per_second
        self._tokens -= 1
        return 0.0


@dataclass(slots=True)
class Limits:
    """The buckets of everybody who speaks: one for what is urgent, one for all else."""

    ordinary: Rate
    urgent: Rate
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[tuple[str, bool], Bucket] = field(default_factory=OrderedDict)

    def wait(self, speaker: str, *, urgent: bool) -> float:
        """Seconds until this speaker may ask; 0 when they may now."""
        bucket = self._buckets.get((speaker, urgent))
        if bucket is None:
            bucket = Bucket(self.urgent if urgent else self.ordinary, self.clock)
            self._buckets[speaker, urgent] = bucket
            if len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end((speaker, urgent))
        return bucket.wait()
