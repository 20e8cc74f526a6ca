"""What verbs do first: find the settings, set the logs up, read the destinations they name."""

from collections.abc import Mapping

import typer

from bridge import logs
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.settings import Settings, load
from bridge.settings.destinations import load_destinations


def settings_of(ctx: typer.Context) -> Settings:
    """The settings of this call of `bridge`, with the logs set up as they say. SettingsError when wrong."""
    settings = load(ctx.find_root().obj)
    key = settings.log.hash_key
    if key is None and settings.ledger.key is not None:
        key = logs.derived_key(settings.ledger.key)
    logs.configure(level=settings.log.level, output=settings.log.format, hash_key=key)
    return settings


def destinations_of(settings: Settings) -> Mapping[DestinationId, Destination]:
    """The destinations of the folder that the settings name. SettingsError when one cannot be used."""
    return load_destinations(settings.paths.destinations)
