"""The ground of every area that a policy names.

Most policies name none, and the geometry takes longer to import than everything else: it is imported when
there is an area to read.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.settings.areas import Ground


def grounds_of(areas: Mapping[str, Path]) -> Mapping[str, "Ground"]:
    """The ground of each file, by the area's name, or SettingsError."""
    if not areas:
        return {}
    from bridge.settings.areas import load_area

    return {name: load_area(where) for name, where in areas.items()}
