"""A Confluent schema registry, through its own client. Needs the extra `registry`, and only when used.

Every request is short and made once: a slow registry must not hold up calls whose schemas are known.
Its answers are never repeated in an error, only their kind.
"""

from importlib import import_module
from importlib.util import find_spec

from bridge.errors import SettingsError, UndecodableError

_NOT_FOUND = 404
_HTTP_LIBRARIES = ("httpx2", "httpx")
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)


class ConfluentRegistry:
    """The `Registry` of `Frames` over the registry's REST interface. `timeout_s` bounds one request.

    Raises `SettingsError` when the client is not installed or the address is none.
    """

    def __init__(self, url: str, *, user: str = "", password: str = "", timeout_s: float = 1.0) -> None:
        try:
            library = import_module("confluent_kafka.schema_registry")
        except ImportError:
            raise SettingsError(
                "a schema registry needs its client; install the extra: bridge911[registry]"
            ) from None
        settings: dict[str, object] = {"url": url, "timeout": timeout_s, "max.retries": 0}
        if user:
            settings["basic.auth.user.info"] = f"{user}:{password}"
        try:
            self._client = library.SchemaRegistryClient(settings)
        except (ValueError, TypeError):
            raise SettingsError("the registry's URL is unusable; write http(s)://host:port") from None
        self._schema = library.Schema
        self._refused: type[Exception] = library.SchemaRegistryError
        installed = (import_module(each) for each in _HTTP_LIBRARIES if find_spec(each))
        self._broken: tuple[type[Exception], ...] = (
            OSError,
            *_MALFORMED,
            *(each.HTTPError for each in installed),
        )

    def schema_of(self, schema_id: int) -> str | None:
        """The text of a schema, or None when the registry has none by this id.

        Raises `UndecodableError("registry_away")` when it cannot be asked or does not answer sensibly.
        """
        try:
            found: str | None = self._client.get_schema(schema_id).schema_str
        except self._refused as error:
            if getattr(error, "http_status_code", 0) == _NOT_FOUND:
                return None
        except self._broken:
            pass
        else:
            return found
        raise UndecodableError("registry_away")

    def id_of(self, subject: str, schema: str) -> int:
        """The id of `schema` under `subject`; registers it when it is new there.

        Raises `SettingsError` when the registry refuses the schema or is not there.
        """
        try:
            return int(self._client.register_schema(subject, self._schema(schema, "AVRO")))
        except self._refused as error:
            status = getattr(error, "http_status_code", 0)
            rule = f"the registry refused the schema of {subject} (HTTP {status})"
        except self._broken as error:
            rule = f"the registry could not be asked for {subject} ({type(error).__name__})"
        raise SettingsError(f"{rule}; check its address, rights and the subject's compatibility level")
