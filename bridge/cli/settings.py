"""`bridge settings`: every key with its default, unit and meaning, as a settings file to start from."""

import typer

from bridge.settings import example

app = typer.Typer(help="Print a settings file that says every key and its default.", add_completion=False)


@app.command()
def settings() -> None:
    """Print a settings file that says every key and its default."""
    print(example(), end="")
