"""What a disk takes to make a small write safe, which every accept waits for once: the least it can take."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from tests.bench.measures import quantile

_BYTES = 8192
_TIMES = 300
_PAUSE_S = 0.01
_FILE_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles in milliseconds."""

    p50: float
    p90: float
    p99: float
    worst: float


def spread(seconds: list[float]) -> Spread:
    """The quantiles of these times."""
    ordered = sorted(1000 * each for each in seconds)
    return Spread(*(quantile(ordered, share) for share in (0.5, 0.9, 0.99)), ordered[-1])


def made_safe(folder: Path) -> Spread:
    """Write within a file that is there already, as PostgreSQL does, and wait each time until it is safe."""
    took = []
    with TemporaryFile(dir=folder) as file:
        file.write(bytes(_FILE_BYTES))
        os.fsync(file.fileno())
        for number in range(_TIMES):
            os.pwrite(file.fileno(), os.urandom(_BYTES), number * _BYTES)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
            time.sleep(_PAUSE_S)
    return spread(took)
