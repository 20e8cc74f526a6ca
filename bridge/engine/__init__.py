"""The stream engine: Faust made lossless and fast.

Reads Kafka in batches, gathers what waits into one turn, acks what the turn has committed, and ends the
process rather than go on in doubt. Knows neither what a record means nor where positions are kept.
"""

from bridge.engine.app import EngineApp, make_app, run
from bridge.engine.batch import Batch, Record, TopicPartition
from bridge.engine.limits import EngineSettings
from bridge.engine.listen import Listener, listen
from bridge.engine.positions import Alarms, Positions, Reading
from bridge.engine.probes import Health, Probes
from bridge.engine.progress import Progress
from bridge.engine.watchdog import Watchdog

__all__ = [
    "Alarms",
    "Batch",
    "EngineApp",
    "EngineSettings",
    "Health",
    "Listener",
    "Positions",
    "Probes",
    "Progress",
    "Reading",
    "Record",
    "TopicPartition",
    "Watchdog",
    "listen",
    "make_app",
    "run",
]
