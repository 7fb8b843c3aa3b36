"""What something looks like in a terminal of a given width."""

import io

from rich.console import Console, RenderableType


def terminal(width: int) -> Console:
    """A terminal with colours whose console reads marks, as that of another program would."""
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def seen(renderable: RenderableType, width: int = 200) -> str:
    console = terminal(width)
    console.print(renderable)
    return printed(console)


def without_spaces(text: str) -> str:
    """The characters that stand there; where a line was folded is of no matter."""
    return "".join(text.split())
