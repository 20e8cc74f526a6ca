"""Two people at the same instant; `python -m tests.races` runs each race 2,000 times."""

import pytest

from tests.races.racing import RACES, run


@pytest.mark.parametrize("race", RACES)
async def test_one_of_two_is_first_and_the_call_has_one_holder(database: str, race: str) -> None:
    came = await run(database, race, 25)
    assert came.total() == 25
