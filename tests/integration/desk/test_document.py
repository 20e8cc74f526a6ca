"""The document's examples work: each is run, as it stands, against a desk with a call that is offered."""

import asyncio
import json
import re
from pathlib import Path

from building import a_record, an_event, the_transfer
from desks import Desks

PAGE = Path(__file__).parents[3] / "docs" / "http-api.md"


async def test_every_example_is_answered(desk: Desks) -> None:
    await desk.lane.reads(a_record(an_event(), 0))
    variables = {
        "DESK": desk.url,
        "KEY": desk.keys["crisis-line"],
        "TRANSFER": the_transfer(),
        "PATH": "/usr/bin:/bin",
    }
    examples = re.findall(r"^```curl\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(examples) > 5
    for example in examples:
        curl = await asyncio.create_subprocess_shell(example, stdout=asyncio.subprocess.PIPE, env=variables)
        said = json.loads((await asyncio.wait_for(curl.communicate(), 20))[0])
        assert "type" not in said, (example, said)
