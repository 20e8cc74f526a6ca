"""The exact libraries whose private parts the transport builds on. Others are refused at the start.

What each part must do is checked by tests/contract; raise a version only with them green.
"""

from importlib.metadata import PackageNotFoundError, version

from faust import streams

from bridge.errors import EngineError

PINS = {"faust-streaming": "0.15.3", "mode-streaming": "0.7.1", "aiokafka": "0.14.0"}


def check_pins() -> None:
    """Raise EngineError unless the libraries are those the contract tests ran with."""
    for name, wanted in PINS.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "nothing"
        if found != wanted:
            raise EngineError(f"{name} must be {wanted}, found {found}: install the pinned versions")
    if vars(streams)["_CStreamIterator"] is None:
        raise EngineError(
            "Faust's compiled stream iterator is missing; the Python one acks events of an ended "
            "generation: install faust-streaming from its wheel and unset NO_CYTHON"
        )
