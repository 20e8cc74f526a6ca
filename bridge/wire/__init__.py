"""Bytes on one side, the domain's words on the other.

One module per kind of message, each with `decode` and `encode`. Nothing here decides, stores or sends.
"""
