"""The stream engine: Faust made lossless and fast.

Reads Kafka in batches, gathers what waits into one turn, acks what the turn has committed, and ends the
process rather than go on in doubt. Knows neither what a record means nor where positions are kept.
"""
