"""Whatever people do, and whenever workers die: the domain, a ledger and the HTTP API agree."""

import asyncio
import uuid
from typing import TYPE_CHECKING

import pytest
from hypothesis.stateful import run_state_machine_as_test

from bridge.ledger.migrate import migrate
from tests.model.grounds import OnLedger, OverHttp
from tests.model.people import People, lived_on, lives

if TYPE_CHECKING:
    from bridge.sandbox.world import World


@pytest.fixture
def dsn(world: "World"):
    name = f"people_{uuid.uuid4().hex[:12]}"
    world.postgres.create_database(name)
    asyncio.run(migrate(world.postgres.dsn(name)))
    yield world.postgres.dsn(name)
    world.postgres.drop_database(name)


def test_the_pure_domain_breaks_no_rule():
    run_state_machine_as_test(People, settings=lives(150, steps=30))


@pytest.mark.parametrize("ground", [OnLedger, OverHttp])
def test_a_ledger_on_which_workers_die_comes_to_the_same(dsn, ground):
    lived_on(ground, dsn, lives(15, steps=15))
