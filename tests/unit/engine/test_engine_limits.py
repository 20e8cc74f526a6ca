"""The engine starts with the settings that lose nothing, or not at all."""

import asyncio
import ssl
from importlib.metadata import PackageNotFoundError

import faust
import pytest

from bridge.engine import pins
from bridge.engine.app import EngineApp, make_app
from bridge.engine.limits import EngineSettings
from bridge.errors import EngineError, SettingsError


class Nowhere:
    async def load(self, partitions: object) -> dict[tuple[str, int], int | None]:
        return {}


def app() -> EngineApp:
    return make_app(group="g", bootstrap="one:9092, two:9093", positions=Nowhere())


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("broker_session_timeout", 6.0),
        ("broker_heartbeat_interval", 1.5),
        ("broker_rebalance_timeout", 10.0),
        ("broker_max_poll_interval", 30.0),
        ("broker_request_timeout", 15.0),
        ("broker_commit_interval", 0.5),
        ("stream_buffer_maxsize", 8),
        ("stream_wait_empty", True),
        ("table_standby_replicas", 0),
        ("topic_allow_declare", False),
        ("topic_disable_leader", True),
        ("web_enabled", False),
        ("worker_redirect_stdouts", False),
        ("broker_check_crcs", True),
    ],
)
def test_faust_is_told(setting: str, value: object) -> None:
    assert getattr(app().conf, setting) == value


def test_every_server_is_asked() -> None:
    assert [str(url) for url in app().conf.broker] == ["kafka://one:9092", "kafka://two:9093"]


async def test_kafka_is_asked_as_the_settings_say() -> None:
    context = ssl.create_default_context()
    engine = make_app(
        group="g",
        bootstrap="one:9092",
        positions=Nowhere(),
        credentials=faust.SASLCredentials(username="u", password="p", mechanism="PLAIN", ssl_context=context),
    )
    engine.loop = asyncio.get_running_loop()
    asked = engine.consumer._thread._create_worker_consumer(engine.transport)
    try:
        assert asked._group_id == "g"
        assert asked._auto_offset_reset == "none", "never a jump"
        assert asked._enable_auto_commit is False
        assert asked._fetch_max_wait_ms == 100, "Faust's driver says 1500"
        assert asked._max_poll_records == 500
        assert asked._session_timeout_ms == 6_000
        assert asked._heartbeat_interval_ms == 1_500
        assert asked._rebalance_timeout_ms == 10_000
        assert asked._max_poll_interval_ms == 30_000
        assert asked._isolation_level == "read_uncommitted"
        assert asked._client._security_protocol == "SASL_SSL"
        assert asked._client._sasl_plain_username == "u"
        assert asked._client._ssl_context is context
    finally:
        await asked.stop()


@pytest.mark.parametrize(
    "wrong",
    [{"heartbeat_s": 6.0}, {"session_s": 20.0}, {"seek_s": 15.0}, {"settle_s": 11.0}, {"max_records": 0}],
)
def test_settings_that_contradict_each_other_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="engine: "):
        EngineSettings(**wrong)  # type: ignore[arg-type]


def test_another_version_of_faust_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "version", lambda _name: "0.16.0")
    with pytest.raises(EngineError, match=r"faust-streaming must be 0\.15\.3, found 0\.16\.0"):
        app()


def test_a_missing_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(pins, "version", version)
    with pytest.raises(EngineError, match="found nothing"):
        app()


def test_faust_without_its_compiled_iterator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faust.streams._CStreamIterator", None)
    with pytest.raises(EngineError, match="compiled stream iterator"):
        app()
