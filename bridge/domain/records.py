"""Criminal-justice records in a narrative: state and national returns, warrants, criminal history.

They never leave to a destination, whatever it is allowed. A note that shows the marks of a pasted return
goes whole, because its other lines have no marks; a line that only mentions such a record goes alone.
The detector prefers to drop too much. It does not read: a record told in plain words gets through.
"""

import re

_RETURN = re.compile(
    r"\b(?:N(?:CIC|LETS|-?DEX)|TCIC|C(?:LETS|CH|RIM(?:INAL)?[ -]HIST(?:ORY)?)|III|QH|RAP[ -]SHEET"
    r"|HIT[ -]CONFIRM\w*|PURPOSE[ -]CODE)\b",
    re.IGNORECASE,
)
# Keys are looked for from the mark behind them: a narrative has few marks and many letters.
_KEY_OF_A_RETURN = re.compile(
    r"/(?:(?<=\b(?:FBI|SID|OCA|MKE|ORI|NIC|OLN|OLS|LIC|LIT|VIN|DLN)/)|(?<=\bCHRI/))\w", re.IGNORECASE
)
_KEYED = re.compile(
    r"[/.](?<=\b(?:NAM|DOB|SEX|RAC|HGT|WGT|EYE|HAI|SOC|SMT|DOW|OFF|VMA|VMO|VYR|VCO)[/.])\w", re.IGNORECASE
)
_MENTION = re.compile(
    r"\b(?:warrants?|wanted (?:person|by|for|out of)|rap sheet|priors"
    r"|prior (?:arrests?|convictions?|offen[cs]es?|record)|arrest (?:record|history)|local record|RMS"
    r"|convict(?:ed|ions?)|felon|felony|parolee?|on parole|probation|sex offender|booking)\b",
    re.IGNORECASE,
)
_KEYED_FIELDS_OF_A_RETURN = 2


def without_returns(text: str) -> str:
    """The note without what looks like a criminal-justice record; empty when nothing else is left."""
    if _RETURN.search(text) or _KEY_OF_A_RETURN.search(text):
        return ""
    if len(_KEYED.findall(text)) >= _KEYED_FIELDS_OF_A_RETURN:
        return ""
    kept = [line for line in text.splitlines() if not _MENTION.search(line)]
    return "\n".join(kept).strip()
