"""Message headers as bytes and back: length-prefixed names and values, in order."""

import struct

_LENGTH = struct.Struct(">I")


def pack(headers: tuple[tuple[str, bytes], ...]) -> bytes:
    """One byte string that `unpack` reads back exactly."""
    out = bytearray()
    for name, value in headers:
        encoded = name.encode()
        out += _LENGTH.pack(len(encoded)) + encoded + _LENGTH.pack(len(value)) + value
    return bytes(out)


def unpack(packed: bytes) -> tuple[tuple[str, bytes], ...]:
    """The headers that were packed."""
    headers, at = [], 0
    while at < len(packed):
        name, at = _text(packed, at)
        value, at = _text(packed, at)
        headers.append((name.decode(), value))
    return tuple(headers)


def _text(packed: bytes, at: int) -> tuple[bytes, int]:
    (length,) = _LENGTH.unpack_from(packed, at)
    start = at + _LENGTH.size
    return packed[start : start + length], start + length
