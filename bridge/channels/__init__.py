"""Ways out of the building, one file each, one contract (`contract.py`)."""
