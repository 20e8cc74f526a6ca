"""The shipped mappings on the cities' real tables: every row is read, every incident is there."""

from collections import Counter
from functools import cache

import pytest
from feed_tables import DATA, shipped

from bridge.feeds.batch import rows_of
from bridge.feeds.check import Checked, check

LANCASTER_CALLS = "lancaster_county_ne/rvfd_calls_for_service_2010_2020.csv.gz"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real tables lie beside the checkout and are not part of it"
)


@cache
def checked_of(name: str, table: str) -> Checked:
    """What a shipped mapping makes of a real table."""
    how = shipped(name)
    return check({table: rows_of(DATA / table, how)}, how)


@pytest.mark.skipif(
    not DATA.is_dir(), reason="the real tables lie beside the checkout and are not part of it"
)
@pytest.mark.parametrize(
    ("name", "table", "read", "incidents", "repeated", "events"),
    [
        (
            "lancaster_units",
            "lancaster_county_ne/derived_unit_status_events.csv.gz",
            174_046,
            18_374,
            2_452,
            {"CREATED": 18_374, "UNIT_STATUS": 153_220},
        ),
        (
            "lancaster_calls",
            LANCASTER_CALLS,
            19_520,
            19_513,
            0,
            {"CREATED": 19_513, "UNIT_STATUS": 152_296, "CHANGED": 7},
        ),
        (
            "san_luis_obispo_ca",
            "san_luis_obispo_ca/slopd_call_log_2021_scrubbed.csv.gz",
            10_340,
            10_138,
            200,
            {"CREATED": 10_138, "UNIT_STATUS": 10_086, "CLOSED": 8_216, "CHANGED": 1},
        ),
        (
            "columbia_mo",
            "columbia_mo/columbia_mo_dispatch_first_seen.csv.gz",
            20_000,
            19_999,
            0,
            {"CREATED": 19_999, "CHANGED": 1},
        ),
        (
            "columbia_mo",
            "columbia_mo/polled_snapshots_80.jsonl.gz",
            7_880,
            4_863,
            3_017,
            {"CREATED": 4_863},
        ),
        (
            "seattle_wa",
            "seattle_wa/seattle_call_data_raw_221.csv",
            222,
            222,
            0,
            {"CREATED": 222, "CHANGED": 222},
        ),
        (
            "sacramento_ca",
            "sacramento_ca_daily_log/sacramento_pd_daily_activity_log_part.csv.gz",
            1_400,
            1_400,
            0,
            {"CREATED": 1_400},
        ),
        ("st_louis_mo", "st_louis_mo/cfsraw.csv", 56, 56, 0, {"CREATED": 56}),
        ("eugene_or", "eugene_or/eugene_cad_sample_2014.csv", 5, 5, 0, {"CREATED": 5, "CLOSED": 5}),
        (
            "dallas_tx",
            "dallas_tx/dallas_active_calls_are8-xahz.csv",
            63,
            45,
            0,
            {"CREATED": 45, "UNIT_STATUS": 18},
        ),
    ],
)
def test_the_real_table_gives_every_row_and_incident(
    name: str, table: str, read: int, incidents: int, repeated: int, events: dict[str, int]
) -> None:
    checked = checked_of(name, table)
    assert (checked.rows, checked.incidents, checked.repeated) == (read, incidents, repeated)
    assert checked.refused == Counter()
    assert {kind.value: count for kind, count in checked.events.items()} == events


@pytest.mark.skipif(
    not DATA.is_dir(), reason="the real tables lie beside the checkout and are not part of it"
)
def test_half_of_lancasters_types_are_determinants_and_thirteen_calls_are_tests() -> None:
    checked = checked_of("lancaster_calls", LANCASTER_CALLS)
    assert (checked.types.determinants, checked.types.missing, checked.practice) == (9_672, 0, 13)
