"""What the field knows, as plain values and pure functions.

Standard library only: no input or output, no clock, no chance, no event loop.
The domain is told the time and what happened, and answers what follows.
"""
