"""HTTP: what people and systems say to the bridge without Kafka, and what they may see."""
