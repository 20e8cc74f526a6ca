"""Which topics are wanted, and what is said of one that is not as it should be."""

from dataclasses import replace

import pytest

from bridge.cli.topic_plan import Topic, differences, wanted_topics
from bridge.domain.destination import Destination, Privacy
from bridge.domain.ids import DestinationId
from bridge.settings import Settings


def a_destination(name: str, channel: str = "kafka") -> Destination:
    """A destination that listens on a topic named after it."""
    return Destination(DestinationId(name), name, channel, f"{name}.offers", Privacy(frozenset()))


def a_topic() -> Topic:
    """The topic of CAD events as the defaults want it."""
    return next(wanted_topics(Settings(), []))


def test_there_are_five_topics_and_one_for_each_destination_that_listens_on_kafka():
    destinations = [a_destination("mobile-team"), a_destination("988"), a_destination("211", "webhook")]
    assert [topic.name for topic in wanted_topics(Settings(), destinations)] == [
        "cad.events", "hotline.signals", "cad.returns", "bridge.status", "bridge.quarantine",
        "988.offers", "mobile-team.offers",
    ]  # fmt: skip


def test_a_record_of_the_wires_greatest_length_fits_into_every_topic():
    settings = Settings()
    for topic in wanted_topics(settings, [a_destination("988")]):
        assert int(topic.configs["max.message.bytes"]) > settings.wire.max_message_bytes


def test_offers_are_kept_a_day():
    *_, offers = wanted_topics(Settings(), [a_destination("988")])
    assert offers.configs["retention.ms"] == str(24 * 3_600_000)


def test_a_topic_as_it_should_be_has_no_difference():
    assert list(differences(a_topic(), a_topic())) == []


@pytest.mark.parametrize(
    ("change", "what", "remedy"),
    [
        ({"partitions": 2}, "has 2 partitions, kafka.partitions says 4", "kafka-topics.sh --alter"),
        ({"partitions": 9}, "has 9 partitions", "set kafka.partitions to 9, a topic cannot lose any"),
        ({"replication": 1}, "has 1 copies, kafka.replication says 3", "kafka-reassign-partitions.sh"),
    ],
)  # fmt: skip
def test_a_difference_is_told_with_what_to_do(change, what, remedy):
    (said,) = differences(a_topic(), replace(a_topic(), **change))
    assert what in said and remedy in said


def test_a_different_retention_is_told_with_the_command_that_changes_it():
    there = replace(a_topic(), configs={**a_topic().configs, "retention.ms": "1"})
    (said,) = differences(a_topic(), there)
    assert "retention.ms is 1, the settings say 259200000" in said
    assert "kafka-configs.sh --alter" in said
