"""An invented log with its mapping, a policy and two destinations, written where a test can read them."""

from pathlib import Path

from typer.testing import CliRunner, Result

from bridge import cli

CHECKOUT = Path(__file__).parents[3]
CANARY = "SHE SEES SPIDERS"
"""What a caller said, which must be found in the sample and nowhere else."""

MAPPING = """
agency = "police.town.example"
incident = "number"
note = "remarks"
[time]
column = "time"
format = "%Y-%m-%d %H:%M"
timezone = "America/Chicago"
[call_type]
column = "type"
[channel_codes]
column = "source"
values = { "911" = "NINE_ONE_ONE", "officer" = "ON_VIEW" }
[[answers]]
question = "service"
column = "service"
[[answers]]
question = "weapon"
column = "weapon"
yes = ["Y"]
no = ["N"]
[location]
district = "beat"
"""

ROWS = f"""number,time,type,remarks,source,service,weapon,beat
1,2025-06-02 10:00,CRISIS,{CANARY},911,PD,N,A1
2,2025-06-02 23:00,CRISIS,{CANARY},911,PD,N,A2
3,2025-06-03 11:00,CRISIS,HE HAS A KNIFE,911,PD,,A1
4,2025-06-20 09:30,CRISIS,,911,PD,,A1
5,2025-06-20 10:00,PARKING,<script>alert(1)</script>,911,PD,N,A2
6,2025-06-20 11:00,CRISIS,,officer,PD,N,A1
7,2025-06-20 12:00,ALARM,,911,FIRE,N,A1
"""

POLICY = """
agency = "police.town.example"
name = "town"
version = "1"
effective = 2030-01-01T00:00:00-06:00
timezone = "America/Chicago"
[[scope]]
id = "crisis"
sentence = "A person in a crisis <here>."
verdict = "offer"
call_types = ["CRISIS"]
need = "behavioral-health"
route = ["line"]
hours = { spans = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = 07:00:00, closes = 19:00:00 }] }
[[disqualifier]]
id = "weapon"
danger = "weapon"
sentence = "A weapon is there."
questions = ["weapon"]
unanswered = "review"
words = ["knife"]
[[disqualifier]]
id = "violence"
danger = "violence"
sentence = "There is violence."
words = ["hitting"]
[[disqualifier]]
id = "medical"
danger = "medical"
sentence = "Somebody is hurt."
words = ["bleeding"]
[[disqualifier]]
id = "police-only"
danger = "police_only"
sentence = "Only police can help."
words = ["burglary"]
"""

LINE = """
id = "line"
name = "The Line"
channel = "kafka"
address = "line.offers"
[privacy]
location = "none"
fields = ["call_type"]
"""


class Written:
    """The files, and the command that reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in (("mapping.toml", MAPPING), ("log.csv", ROWS), ("policy.toml", POLICY)):
            (folder / name).write_text(text)
        (folder / "destinations").mkdir()
        (folder / "destinations" / "line.toml").write_text(LINE)

    def changed(self, old: str, new: str) -> Path:
        """Another version of the policy, changed in one place."""
        assert old in POLICY
        path = self.folder / "changed.toml"
        path.write_text(POLICY.replace(old, new, 1))
        return path

    def run(self, verb: str, *given: str) -> Result:
        """`bridge policy <verb>` over the log; it must do well."""
        options = ["--destinations", str(self.folder / "destinations")]
        options += ["--feed", str(self.folder / "mapping.toml"), str(self.folder / "log.csv")]
        command = ["--config", str(CHECKOUT / "bridge.toml"), "policy", verb, *given, *options]
        return CliRunner().invoke(cli.app, command, catch_exceptions=False)

    def backtest(self, *given: str) -> Result:
        """`bridge policy backtest` of the policy."""
        return self.run("backtest", "--policy", str(self.folder / "policy.toml"), *given)
