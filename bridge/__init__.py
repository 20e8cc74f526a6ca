"""The bridge: moves a 911 call, with location and narrative, to the people who should take it."""

__version__ = "0.1.0"
