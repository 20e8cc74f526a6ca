"""Areas: polygons of GeoJSON files (RFC 7946, WGS 84), as ground that a policy can name.

shapely does the geometry. Distances are measured on a plane scaled at the area's own latitude, which is
right to a few metres over a county.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.validation import explain_validity

from bridge.domain.cad import Answer
from bridge.errors import SettingsError

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Polygons. `scale` is the cosine of their latitude: how long a degree of longitude is there."""

    polygon: Polygon | MultiPolygon
    scale: float

    def holds(self, latitude: float, longitude: float, uncertainty_m: float) -> Answer:
        """Whether the point is in it (borders are); UNKNOWN when its uncertainty reaches over a border."""
        point = Point(longitude * self.scale, latitude)
        if uncertainty_m > 0:
            reach = uncertainty_m / _METRES_PER_DEGREE
            if self.polygon.boundary.distance(point) <= reach:
                return Answer.UNKNOWN
        return Answer.YES if self.polygon.covers(point) else Answer.NO

    def overlaps(self, other: "Ground") -> bool:
        """Whether the two share more than a border."""
        there = shapely.affinity.scale(other.polygon, self.scale / other.scale, 1, origin=(0, 0))
        return bool(self.polygon.intersection(there).area > 0)


def load_area(path: Path) -> Ground:
    """The ground of a GeoJSON file, all its polygons together, or SettingsError."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); name a GeoJSON file") from None
    except ValueError:
        raise SettingsError(f"{path}: is not JSON; export it again as GeoJSON") from None
    polygons = [_polygon(path, geometry) for geometry in _geometries(path, tree)]
    if not polygons:
        raise SettingsError(f"{path}: has no polygon; draw one, or remove the area")
    ground = shapely.unary_union(polygons)
    assert isinstance(ground, Polygon | MultiPolygon), "a union of polygons"
    west, south, east, north = ground.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise SettingsError(f"{path}: is not in degrees; export it in WGS 84, longitude first")
    scale = math.cos(math.radians((south + north) / 2))
    flat = shapely.affinity.scale(ground, scale, 1, origin=(0, 0))
    assert isinstance(flat, Polygon | MultiPolygon), "a union of polygons"
    shapely.prepare(flat)
    return Ground(flat, scale)


def _geometries(path: Path, tree: object) -> list[dict[str, object]]:
    """The geometries of a feature collection, a feature, or a bare geometry."""
    if not isinstance(tree, dict):
        raise SettingsError(f"{path}: is not GeoJSON; export it again as a FeatureCollection")
    if tree.get("type") == "FeatureCollection" and isinstance(tree.get("features"), list):
        return [each for feature in tree["features"] for each in _geometries(path, feature)]
    if tree.get("type") == "Feature":
        return _geometries(path, tree.get("geometry"))
    return [tree]


def _polygon(path: Path, geometry: dict[str, object]) -> Polygon | MultiPolygon:
    try:
        polygon = shape(geometry)
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise SettingsError(f"{path}: has a geometry that cannot be read; export it again") from None
    if not isinstance(polygon, Polygon | MultiPolygon) or polygon.is_empty:
        kind = polygon.geom_type
        raise SettingsError(f"{path}: has a {kind}, which holds no ground; draw polygons only")
    if not polygon.is_valid:
        fault = explain_validity(polygon)
        raise SettingsError(
            f"{path}: has a polygon that is not valid ({fault}); draw it so that it does not cross itself"
        )
    return polygon
