"""The smallest program that does a hotline's part: it hears offers, answers them, and forgets nothing.

Needs aiokafka and fastavro, and the schemas of the bridge. It answers by itself at once, where yours shows
the offer to a counsellor and answers what the counsellor did.

    python hotline.py BROKER DESTINATION OFFERS_TOPIC SCHEMAS_FOLDER DATABASE_FILE
"""

import asyncio
import io
import json
import logging
import sqlite3
import sys
import time
from pathlib import Path

import fastavro
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastavro.schema import fingerprint, to_parsing_canonical_form

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
broker, destination, topic, folder, database = sys.argv[1:]
URGENT = {"WITHDRAWN", "DANGER", "REFUSED", "ENDED", "TAKEN"}
TALKS = ("ALERTING", "ANSWERED", "VOICE_CONTACT", "CLOSED")  # a caller is on the line
READS = ("ALERTING", "CLAIMED", "CLOSED")  # nobody is: you work from the notes

store = sqlite3.connect(database)
store.executescript("""
    create table if not exists message (message_id primary key, transfer_id, sequence, kind, content, done);
    create table if not exists signal (signal_id primary key, topic, key, content, sent);
""")


def load(name: str) -> dict[bytes, dict]:
    """Every schema of a message that is or was in use, by the prefix of the values written with it."""
    known = {}
    for path in [*sorted(Path(folder).glob(f"released/*/{name}.avsc")), Path(folder, f"{name}.avsc")]:
        schema = fastavro.parse_schema(json.loads(path.read_text()))
        mark = fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO")
        known[b"\xc3\x01" + bytes.fromhex(mark)] = schema
    return known


offers, signals = load("offer"), load("signal")
ours, (signal_mark, signal_schema) = list(offers.values())[-1], list(signals.items())[-1]


def keep(value: bytes) -> None:
    """Store a message before Kafka is told that we have it. One that comes again changes nothing."""
    written_with = offers[value[:10]]  # a KeyError: fetch the new schemas, then read this message again
    offer = fastavro.schemaless_reader(io.BytesIO(value[10:]), written_with, ours)
    row = (offer["message_id"], offer["transfer_id"], offer["sequence"], offer["kind"], json.dumps(offer))
    store.execute("insert or ignore into message values (?, ?, ?, ?, ?, 0)", row)
    store.commit()


def due() -> list[dict]:
    """What to work on now: each message after those before it; what is urgent or has no number at once."""
    rows = store.execute("""
        select kind, content, sequence = 0 or sequence = 1 + (
            select count(*) from message earlier where earlier.transfer_id = m.transfer_id
            and earlier.sequence between 1 and m.sequence - 1) as in_order
        from message m where done = 0 order by transfer_id, sequence""")
    return [json.loads(content) for kind, content, in_order in rows if in_order or kind in URGENT]


def answer(offer: dict) -> None:
    """Decide what to say and store it, in one transaction. What is stored is said, whatever happens now."""
    logging.info("%s: %s %s %s", offer["incident_id"], offer["kind"], offer["sequence"], offer["reason"])
    said = {"OFFER": READS if offer["transfer_kind"] == "DATA" else TALKS}.get(offer["kind"], ())
    for kind in said:
        signal = {
            "signal_id": f"{offer['message_id']}/{kind}",
            "transfer_id": offer["transfer_id"],
            "incident_id": offer["incident_id"],
            "agency": offer["agency"],
            "kind": kind,
            "speaker": "DESTINATION",
            "speaker_id": destination,
            "said_at": {"micros": time.time_ns() // 1000, "offset_minutes": 0},
            "outcome": "resolved_by_phone" if kind == "CLOSED" else "",
        }
        value = io.BytesIO()
        fastavro.schemaless_writer(value, signal_schema, signal)
        row = (
            signal["signal_id"],
            offer["answer_topic"],
            offer["incident_id"],
            signal_mark + value.getvalue(),
        )
        store.execute("insert or ignore into signal values (?, ?, ?, ?, 0)", row)
    store.execute("update message set done = 1 where message_id = ?", (offer["message_id"],))
    store.commit()


async def say(producer: AIOKafkaProducer) -> None:
    """Send what is stored and not sent, in order. Sent twice is harmless: the same id, the same bytes."""
    rows = store.execute("select signal_id, topic, key, content from signal where sent = 0 order by rowid")
    for signal_id, to, key, content in rows.fetchall():
        await producer.send_and_wait(to, content, key=key.encode())
        store.execute("update signal set sent = 1 where signal_id = ?", (signal_id,))
        store.commit()


async def main() -> None:
    """Store, then commit, then answer."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker,
        group_id=f"{destination}.example",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(bootstrap_servers=broker, acks="all", enable_idempotence=True)
    async with producer, consumer:
        await say(producer)  # what an earlier run stored and did not send
        async for record in consumer:
            keep(record.value)
            await consumer.commit()
            for offer in due():
                answer(offer)
            await say(producer)


if __name__ == "__main__":
    asyncio.run(main())
