"""Sealing: what may not be read from a stolen disk or dump.

AES-256-GCM. Each incident has a data key of its own, wrapped by the key-encryption key that only the
processes know; the key's id stands in the row. Destroying a data key purges what it sealed, in every
backup too. The associated data binds each sealed text to its place, so that rows cannot be swapped.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bridge.errors import LedgerError

_NONCE = 12
KEY_BYTES = 32


class SealError(LedgerError):
    """A sealed text does not open: wrong key, or it was changed or moved."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One incident's key: ready to use, and as it is kept."""

    wrapped: bytes
    key_id: str
    _cipher: AESGCM = field(repr=False)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Seal `plain` so that it opens only at `place`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The plain bytes; SealError when the key, the bytes or the place are not the ones sealed with."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except (InvalidTag, ValueError):
            raise SealError("a sealed text does not open with its key; run `bridge verify`") from None


class KeyRing:
    """The key-encryption keys by id. The current one wraps new data keys; older ones still open theirs."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES:
                raise SealError(
                    f"ledger key {key_id!r} has {len(key)} bytes; it must be {KEY_BYTES} random bytes"
                )
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = current

    def new_key(self) -> DataKey:
        """A fresh data key, wrapped by the current key."""
        plain = os.urandom(KEY_BYTES)
        nonce = os.urandom(_NONCE)
        wrapped = nonce + self._ciphers[self._current].encrypt(nonce, plain, b"data key")
        return DataKey(wrapped, self._current, AESGCM(plain))

    def open_key(self, wrapped: bytes, key_id: str) -> DataKey:
        """The data key as it was wrapped; SealError when its key-encryption key is not on the ring."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealError(f"ledger key {key_id!r} is not configured; add it to [ledger] to open older rows")
        try:
            plain = cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], b"data key")
        except (InvalidTag, ValueError):
            raise SealError(
                f"a data key does not open with ledger key {key_id!r}; check the key file"
            ) from None
        return DataKey(wrapped, key_id, AESGCM(plain))
