"""CAD systems that do not speak Kafka: files and polled tables become CAD events by a mapping file.

A feed never decides anything and never loses a row: what it cannot read it leaves unsaid.
"""
