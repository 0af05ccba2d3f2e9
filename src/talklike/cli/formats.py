"""``talklike formats``: what can be read, and how to get it out of each app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from talklike.cli.output import write_json

PAGE = "docs/how-to/export-your-chat.md"
"""Where the ways out of each app are told in full; each app has a heading there."""

PIPE_WIDTH = 160
"""Width of the tables where they don't go to a terminal [character]."""


@dataclass(frozen=True)
class App:
    """An app that people chat with.

    Attributes:
        name: As people call it, and as the heading of ``PAGE`` does.
        words: What the names or titles of its formats hold; without a format, it isn't shown.
        how: How to get an export, in a line.
    """

    name: str
    words: tuple[str, ...]
    how: str

    @property
    def link(self) -> str:
        """Where more is said."""
        return f"{PAGE}#{''.join(c for c in self.name.lower().replace(' ', '-') if c.isalnum() or c == '-')}"


APPS = (
    App("WhatsApp", ("whatsapp",), "open the chat › ⋮ › More › Export chat › Without media (iPhone: the name › Export Chat)"),
    App("Telegram", ("telegram",), "Telegram Desktop: the chat › ⋮ › Export chat history › format Machine-readable JSON"),
    App(
        "Discord",
        ("discord",),
        "DiscordChatExporter: the channel › Export › JSON; your own: Data & Privacy › Request all of my data",
    ),
    App("Slack", ("slack",), "workspace › Settings › Import/export data › Export; or slackdump for what you can see yourself"),
    App(
        "Signal",
        ("signal",),
        "version 8 and newer: Settings › Chats › export; else signal-export or sigtop beside Signal Desktop",
    ),
    App("Messenger", ("messenger", "facebook"), "Accounts Centre › Your information › Export › Messages, format JSON"),
    App("Instagram", ("instagram",), "Accounts Centre › Your information › Export › Messages, format JSON"),
    App("Google Chat and Hangouts", ("google", "hangouts", "takeout"), "takeout.google.com › Google Chat (or Hangouts) only"),
    App(
        "Microsoft Teams",
        ("teams",),
        "account.microsoft.com › Privacy › Export Teams and Skype data; at work ask an administrator",
    ),
    App("Zulip", ("zulip",), "Settings › Organisation › Data exports; or the API's messages as JSON"),
    App("Element and Matrix", ("matrix", "element"), "Element: the room › Room info › Export chat › format JSON"),
    App("Mattermost", ("mattermost",), "mmctl export create, or the posts of a channel from the API as JSON"),
    App("Rocket.Chat", ("rocket",), "the room › ⋮ › Export messages › file, output format JSON"),
    App("Gitter", ("gitter",), "the room's messages from the API as JSON, or freeCodeCamp's archive of its rooms"),
    App("IRC", ("irc",), "the folder of your client's or bouncer's logs, as it is: ZNC, irssi, WeeChat, HexChat, supybot"),
    App(
        "Mail",
        ("mbox", "mail"),
        "Thunderbird: the folder's file, or ImportExportTools NG; Google Mail: takeout.google.com › Mail",
    ),
    App("Scripts and other tables", ("script", "delimited"), "any CSV with who and what in columns, such as Character and Line"),
    App("Kaggle's freeCodeCamp file", ("freecodecamp",), "kaggle.com › freeCodeCamp's all-time Gitter chat › Download"),
)
"""Every app in the order in which most people need it."""


def formats(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False) -> None:
    """Show what can be read, and how to get an export out of each app.

    With --json: "formats" (name, title, rule, limits, kind) and "apps" (name, how, link).
    """
    from talklike.chat.formats import FORMATS

    titles = [f"{form.name} {form.title}".lower() for form in FORMATS]
    apps = [app for app in APPS if any(word in title for word in app.words for title in titles)]
    if as_json:
        known = [{"name": f.name, "title": f.title, "rule": f.rule, "limits": f.limits, "kind": f.kind} for f in FORMATS]
        write_json({"formats": known, "apps": [{"name": app.name, "how": app.how, "link": app.link} for app in apps]}, indent=2)
        return
    from rich.table import Table

    from talklike.cli.console import Console

    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=PIPE_WIDTH)
    table = Table(box=None, pad_edge=False)
    table.add_column("format", no_wrap=True, style="cyan")
    for column in ("what it is", "recognised by", "not read"):
        table.add_column(column, overflow="fold")
    for form in FORMATS:
        table.add_row(form.name, form.title, form.rule, form.limits)
    console.print(table)
    console.print("\nEach is read from a file, a folder, a zip or a tar, also packed (.gz, .zst). How to get an export:\n")
    table = Table(box=None, pad_edge=False)
    table.add_column("app", no_wrap=True, style="cyan")
    table.add_column("how", overflow="fold")
    for app in apps:
        table.add_row(app.name, app.how)
    console.print(table)
    console.print(f"\nMore on each: {PAGE}")
