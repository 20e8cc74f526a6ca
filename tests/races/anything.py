"""Requests that tools make of the API's description, valid and not, with two keys; the second sees nothing.

`python -m tests.races --anything 200` makes many more of them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bridge.app.desk import api_text

STREAM = "/v1/status/stream"


@dataclass
class Trial:
    """What is tried, and how often it was. The words are the first key's own."""

    url: str
    keys: Sequence[str]
    words: tuple[bytes, ...]
    session: requests.Session
    tried: int = 0

    def one(self, request: schemathesis.Case, key: int, documented: set[str]) -> None:
        """Make one request; AssertionError says what broke."""
        self.tried += 1
        sent = {"Authorization": f"Bearer {self.keys[key]}"}
        if "wait" in (request.query or {}):
            request.query["wait"] = 0
        answer = request.call(base_url=self.url, session=self.session, headers=sent, timeout=20)
        told = (request.method, request.formatted_path, answer.status_code, answer.text)
        assert answer.status_code < 500, told
        assert str(answer.status_code) in documented, told
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"], told
            assert re.fullmatch(r"/v1/problems/[a-z-]+", answer.json()["type"]), told
        if key:
            assert not any(word in answer.content for word in self.words), request.path


def try_anything(
    url: str, keys: Sequence[str], *, forbidden: Iterable[str], examples: int, seed: int = 0
) -> int:
    """Try every operation with each key; answers how many requests were made. AssertionError says what broke.

    No answer may be of the 5xx, nor anything that the description does not name; no answer to the second key
    may hold one of the words in `forbidden`.
    """
    schema = schemathesis.openapi.from_dict(json.loads(api_text()))
    with requests.Session() as session:
        trial = Trial(url, keys, tuple(word.encode() for word in forbidden), session)
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path != STREAM:
                _try(trial, operation, examples, seed)
    return trial.tried


def _try(trial: Trial, operation: Any, examples: int, seed: int) -> None:
    documented = {*operation.definition.raw["responses"], "200"}
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    drawn = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=not seed,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(request=drawn, key=st.sampled_from(range(len(trial.keys))))
    def one(request: schemathesis.Case, key: int) -> None:
        trial.one(request, key, documented)

    one()
