"""What a metric can be: a count, a time, a level. Each has few label sets, and one for the rest."""

from collections.abc import Collection, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

PEOPLE_EDGES = (*(0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 60, 64, 90, 106, 120, 180, 300, 600),)
"""Seconds at which standards are read (10, 15, 20: answering; 60 and 64, 90, 106: NENA, NFPA 1225)."""

MACHINE_EDGES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds that a machine's work is read at."""

OTHER = "other"


class _Labels:
    """The label sets of one metric, no more than `most`."""

    def __init__(self, metric: MetricWrapperBase, labels: Sequence[str], most: int) -> None:
        self._metric = metric
        self._names = tuple(labels)
        self._most = most
        self._seen: dict[tuple[str, ...], MetricWrapperBase] = {}

    @property
    def seen(self) -> Collection[tuple[str, ...]]:
        """The label sets that are shown."""
        return tuple(self._seen)

    def forget(self) -> None:
        """Show no label set any more."""
        self._seen.clear()
        self._metric.clear()

    def of(self, values: tuple[str, ...]) -> MetricWrapperBase:
        """The child for these values, or the one for everything beyond the bound."""
        if child := self._seen.get(values):
            return child
        if len(values) != len(self._names):
            raise ValueError(f"this metric has the labels {self._names}; give one value for each")
        if not values:
            child = self._metric
        else:
            full = len(self._seen) >= self._most
            child = self._metric.labels(*((OTHER,) * len(values) if full else values))
            if full:
                return child
        return self._seen.setdefault(values, child)


class Counts:
    """A count that only grows."""

    def __init__(self, metric: Counter, labels: Sequence[str], most: int) -> None:
        self._labels = _Labels(metric, labels, most)

    def add(self, *labels: str, by: float = 1) -> None:
        """Count `by` more; a label set named with `by=0` is shown from the start."""
        child = self._labels.of(labels)
        assert isinstance(child, Counter)
        child.inc(by)


class Times:
    """How long things took, in seconds."""

    def __init__(self, metric: Histogram, labels: Sequence[str], most: int) -> None:
        self._labels = _Labels(metric, labels, most)

    def observe(self, seconds: float, *labels: str) -> None:
        """One thing took this long. A clock that ran backwards counts as no time."""
        child = self._labels.of(labels)
        assert isinstance(child, Histogram)
        child.observe(max(0.0, seconds))


class Level:
    """Something that goes up and down."""

    def __init__(self, metric: Gauge, labels: Sequence[str], most: int) -> None:
        self._labels = _Labels(metric, labels, most)

    def set(self, value: float, *labels: str) -> None:
        """It is this much now."""
        child = self._labels.of(labels)
        assert isinstance(child, Gauge)
        child.set(value)

    def set_all(self, values: Mapping[tuple[str, ...], float]) -> None:
        """These are so much now; whatever was there before and is not named is 0."""
        for labels in {*self._labels.seen, *values}:
            self.set(values.get(labels, 0), *labels)

    def set_only(self, value: float, *labels: str) -> None:
        """It is this much now, and no other label set is shown any more."""
        self._labels.forget()
        self.set(value, *labels)


class Maker:
    """Makes metrics in one registry, prefixed and bounded."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def counts(self, name: str, says: str, *labels: str, most: int = 100) -> Counts:
        metric = Counter(name, says, labels, namespace="bridge", registry=self._registry)
        return Counts(metric, labels, most)

    def times(self, name: str, says: str, *labels: str, edges: Sequence[float] = PEOPLE_EDGES) -> Times:
        name = f"{name}_seconds"
        metric = Histogram(name, says, labels, namespace="bridge", registry=self._registry, buckets=edges)
        return Times(metric, labels, 100)

    def level(self, name: str, says: str, *labels: str, most: int = 100) -> Level:
        metric = Gauge(name, says, labels, namespace="bridge", registry=self._registry)
        return Level(metric, labels, most)
