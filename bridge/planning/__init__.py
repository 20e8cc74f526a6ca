"""Planning: what a policy would have made of past calls, for those who decide whether to switch it on.

Calls and policies in, counts out. It reads no file and no clock, it is told the seed of every chance, and it
knows the domain alone.
"""
