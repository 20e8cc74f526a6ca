"""A laptop's world: Kafka and PostgreSQL from packages, a CAD that replays, hotlines that fail on demand.

`bridge.sandbox.world` and what it needs come with the extra `local`; nothing here is imported in production.
"""
