"""Places to get help, as they are shown: what they do, for whom, how to reach them, when checked."""

from conversations.content import Help
from conversations.effects import Day, Stack, Text


def help_lines(entries: tuple[Help, ...]) -> Stack:
    """Places to get help: what they do, who for, how to reach them, and when that was checked."""
    return Stack(tuple(
        Text("home.help_entry", {
            "what": Text(one.key), "who": Text(f"{one.key}.who"), "contact": one.contact,
            "checked": Day(one.checked, "dated"),
        })
        for one in entries
    ))  # fmt: skip
