"""The drawings say what the tables say."""

from bridge.domain import delivery, drawing, rescue, transfer_table
from bridge.domain.transfer_table import ENDS, State


def cells(markdown: str) -> dict[tuple[str, str], str]:
    lines = [line.strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("|")]
    header, _, *rows = lines
    return {(row[0], column): cell for row in rows for column, cell in zip(header[1:], row[1:], strict=True)}


def test_the_transfers_table_is_drawn_cell_by_cell() -> None:
    drawn = cells(drawing.transfer_table_markdown())
    for (state, signal), cell in drawn.items():
        target = transfer_table.TABLE[State(state)].get(signal)  # type: ignore[call-overload]
        wanted = "·" if target is None else "=" if target == state else target.value
        assert cell.removesuffix(" (1)").removesuffix(" (2)") == wanted
    assert {state for state, _ in drawn} == {state.value for state in State} - {end.value for end in ENDS}
    assert drawn["offered", "claimed"] == "claimed (1)"
    assert drawn["queued", "hung_up"] == "abandoned (2)"
    assert drawn["held", "hung_up"] == "claimed"


def test_the_deliveries_table_is_drawn_cell_by_cell() -> None:
    drawn = cells(drawing.delivery_table_markdown())
    assert drawn["pending", "leased"] == "leased"
    assert drawn["leased", "transfer_ended"] == "·"
    assert len(drawn) == 3 * len(delivery.DeliveryEvent)


def test_the_rescues_table_is_drawn_cell_by_cell() -> None:
    drawn = cells(drawing.life_table_markdown("rescue"))
    assert drawn["requested", "taken"] == "taken"
    assert drawn["requested", "hotline_told"] == "·"
    assert drawn["not_found", "deadline"] == "="
    assert len(drawn) == 5 * len(rescue.RescueSignal)
    assert "    not_found --> closed: hotline_told\n" in drawing.life_diagram_mermaid("rescue")


def test_the_diagrams_have_every_arrow_and_every_end() -> None:
    drawn = drawing.transfer_diagram_mermaid()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> proposed\n")
    for state, row in transfer_table.TABLE.items():
        for signal, target in row.items():
            if target is not state:
                assert any(
                    line.startswith(f"    {state} --> {target}: ") and signal in line
                    for line in drawn.splitlines()
                )
    assert all(f"    {end} --> [*]\n" in drawn for end in ENDS)
    assert "    dead --> [*]\n" in drawing.delivery_diagram_mermaid()
