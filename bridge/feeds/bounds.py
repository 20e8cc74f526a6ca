"""Bounds that a feed file's numbers and addresses keep, and how a section of it is read."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, with_config


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        scheme, host, password = parts.scheme, parts.hostname, parts.password
    except ValueError:
        scheme, host, password = "", None, None
    if scheme not in {"http", "https"} or not host:
        raise ValueError("is no address; write https://host/path")
    if password is not None:
        raise ValueError("holds a password; put it into the file that headers_file names")
    return value


Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
SecondsOrNone = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Bytes = Annotated[int, Field(ge=1)]
Port = Annotated[int, Field(ge=0, le=65535)]
Address = Annotated[str, AfterValidator(_address)]

section = with_config(ConfigDict(extra="forbid", defer_build=True))
"""Marks a section: a key that it does not have is refused. What checks it is built at the first reading."""
