"""The one secret that a feed may have: the headers of its poll, or the key of its webhook.

It stands in a file of its own, or in a variable, which wins; never in the feed file, which is shown,
copied and kept in repositories.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from bridge.errors import SettingsError

VARIABLE = "BRIDGE_FEED_SECRET"


def feed_secret(file: Path | None, environ: Mapping[str, str] | None = None) -> str:
    """The secret's text, trimmed; empty when there is none. SettingsError when the file cannot be read."""
    if said := (os.environ if environ is None else environ).get(VARIABLE, "").strip():
        return said
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{file}: cannot be read; name a text file that this user may read") from None
