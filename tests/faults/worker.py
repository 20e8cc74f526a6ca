"""`bridge worker` with an ambush laid: `python -m tests.faults.worker ORDERS [arguments of the verb]`.

ORDERS is the path of a file; see `tests.faults.seams`. All else is the production command.
"""

import sys
from pathlib import Path

from bridge.__main__ import main
from tests.faults.seams import Ambush

if __name__ == "__main__":
    Ambush(Path(sys.argv[1])).lay()
    sys.argv[1:] = ["worker", *sys.argv[2:]]
    main()
