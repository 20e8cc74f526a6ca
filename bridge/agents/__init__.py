"""Who listens: bytes become values, a verb handles them, the engine acks what was committed."""
