"""The broker of the contract tests."""

import os

import pytest
from engine_ground import Broker


@pytest.fixture(scope="session")
def broker() -> Broker:
    return Broker(os.environ["BRIDGE_TEST_KAFKA"])
