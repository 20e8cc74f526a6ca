"""Which units are which legs: each agency names its units its own way, and its policy says who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from bridge.domain.cad import Unit, UnitStatus
from bridge.domain.leg import LegKind, LegSignal
from bridge.domain.when import folded


@dataclass(frozen=True, slots=True)
class Units:
    """`types` are CAD's kinds of units, `ids` call signs or patterns of them (`MED*`), which are asked first.

    A unit that neither names is no leg: tow trucks and chaplains come, too.
    """

    types: Mapping[str, LegKind] = field(default_factory=dict)
    ids: Mapping[str, LegKind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("types", "ids"):
            plain = {folded(code): kind for code, kind in getattr(self, name).items()}
            object.__setattr__(self, name, plain)

    def kind_of(self, unit: Unit) -> LegKind | None:
        """Which leg this unit is; None: none."""
        call_sign = folded(unit.unit_id)
        for pattern, kind in self.ids.items():
            if fnmatchcase(call_sign, pattern):
                return kind
        return self.types.get(folded(unit.kind))


SAYS: Mapping[UnitStatus, LegSignal] = {
    UnitStatus.DISPATCHED: LegSignal.ASSIGNED,
    UnitStatus.ACKNOWLEDGED: LegSignal.ASSIGNED,
    UnitStatus.BACKUP: LegSignal.ASSIGNED,
    UnitStatus.EN_ROUTE: LegSignal.EN_ROUTE,
    UnitStatus.STAGING: LegSignal.STAGED,
    UnitStatus.ON_SCENE: LegSignal.ON_SCENE,
    UnitStatus.PATIENT_CONTACT: LegSignal.ON_SCENE,
    UnitStatus.TRANSPORTING: LegSignal.ON_SCENE,
    UnitStatus.CLEARED: LegSignal.CLEARED,
    UnitStatus.IN_SERVICE: LegSignal.CLEARED,
    UnitStatus.CANCELLED: LegSignal.CANCELLED,
}
"""What a unit's status says of its leg (NENA-STA-021.1b). An unknown one says nothing."""

LEAVES = frozenset({LegSignal.CLEARED, LegSignal.CANCELLED})
"""What says that a unit does not come, or comes no more."""
