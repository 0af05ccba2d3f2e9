"""What a chat's page shows of it: how it was read, when they write, how much at a time, and some of the messages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from nicegui import run, ui

from talklike.chat.options import KEPT_WITH_QUOTES
from talklike.evaluation.charts import Series
from talklike.studio import widgets
from talklike.studio.charts import COLOURS, NARROW, across, bar_chart, line_chart
from talklike.studio.messages import PAGE, some_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from talklike.studio.chats import ChatEntry


QUOTES = "Keep what they didn't write themselves"
QUOTES_HINT = "Forwarded messages, what bots relay and lines quoted from others then count as the words of whoever passed them on"


def facts_of(entry: ChatEntry, found: dict[str, Any], on_quotes: Callable[[bool], None]) -> ui.html:
    """Show how a chat was read and what is in it, and offer to read it with what authors didn't write themselves, or without.

    Args:
        entry: The chat.
        found: What was found in it (``talklike.studio.chat_job``).
        on_quotes: Told whether that is wanted.

    Returns:
        Where ``left_out`` goes.
    """
    report = found["report"]
    with widgets.card():
        with ui.element("div").classes("tl-between"):
            widgets.text(entry.name, tag="h2").style("overflow-wrap: anywhere")
            widgets.html('<a href="/">Open another</a>', tag="span")
        widgets.text(f"Read as {report['format']} ({report['why']}).", "tl-soft")
        what = "pieces of running text" if found["kind"] == "stream" else "messages"
        figures = [
            (f"{found['messages']:,}", what),
            (f"{len(found['authors']) + found['others']:,}", "authors"),
            (f"{found['characters']:,}", "characters"),
        ]
        days = [row[key][:10] for row in found["authors"] for key in ("first", "last") if row[key]]
        if days:
            figures += [(min(days), "first message"), (max(days), "last message")]
        widgets.html(widgets.tiles(figures))
        if report["skipped"] or report["notes"]:
            skipped = report["read"] - report["kept"]
            with widgets.fold(f"{skipped:,} rows skipped, and notes" if skipped else "Notes"):
                lines = [
                    f"<li>{skip['count']:,} skipped, {escape(reason)}: "
                    f"<span class=tl-soft>{escape(', '.join(skip['places']) + (', …' if skip['count'] > 3 else ''))}</span></li>"
                    for reason, skip in report["skipped"].items()
                ]
                lines += [f"<li>{escape(note)}</li>" for note in report["notes"]]
                widgets.html("".join(lines), "tl-small", tag="ul")
        if found["kind"] == "messages":
            with ui.element("div").style("margin-top: 1rem"):
                hint = f"{QUOTES_HINT}; the chat is read again."
                widgets.check(QUOTES, on_quotes, value=entry.with_quotes, hint=hint)
        return widgets.text("", "tl-soft tl-small")


def left_out(found: dict[str, Any]) -> str:
    """Return in a sentence what isn't learnt because it is other people's; nothing where there is nothing to say."""
    skipped = found["report"]["skipped"]
    parts = [f"{skipped[reason]['count']:,} {reason} messages" for reason in KEPT_WITH_QUOTES if reason in skipped]
    quoted = found.get("quoted") or {"lines": 0}
    parts += [f"{quoted['lines']:,} quoted lines in {quoted['messages']:,} messages"] if quoted["lines"] else []
    return f"Not learnt from: {' and '.join(parts)}." if parts else ""


def charts_of(portraits: Mapping[str, Any], picked: Sequence[str], names: Mapping[str, str]) -> None:
    """Show when those who are picked write, and how much at a time; everyone together if nobody is."""
    drawn = [author for author in picked if author in portraits["of"]][:COLOURS]
    of = portraits["of"]
    whose = names.get(drawn[0], "") if len(drawn) == 1 else f"{len(drawn)} people" if drawn else "everyone"
    told = [of[author] for author in drawn] or [of[""]]
    classes = [sum(one["lengths"][place] for one in told) for place in range(len(portraits["lengths"]))]
    if portraits["times"]:
        with widgets.card():
            widgets.text(f"Messages a {portraits['unit']}", tag="h2")
            widgets.text(whose, "tl-soft tl-small")
            widgets.html(_activity(portraits, drawn, names))
    with ui.element("div").classes("tl-columns"):
        with widgets.card():
            widgets.text("Characters in a message", tag="h2")
            widgets.text(whose, "tl-soft tl-small")
            labels = [f"{least}+" for least in portraits["lengths"]]
            labels[0] = f"<{portraits['lengths'][1]}"
            title = f"How long the messages of {whose} are: messages by characters"
            widgets.html(bar_chart(classes, labels, title=title, width=NARROW, most_labels=len(labels)))
        if portraits["times"]:
            with widgets.card():
                widgets.text("Hour of the day, UTC", tag="h2")
                widgets.text(whose, "tl-soft tl-small")
                hours = [sum(one["hours"][hour] for one in told) for hour in range(24)]
                title = f"When {whose} write: messages by hour of the day"
                widgets.html(bar_chart(hours, [f"{hour}" for hour in range(24)], title=title, width=NARROW, most_labels=8))


def _activity(portraits: Mapping[str, Any], drawn: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the chart of messages over time: bars of one, lines of several."""
    short = 7 if portraits["unit"] == "month" else 10
    labels = [time[:short] for time in portraits["times"]]
    if len(drawn) < 2:
        author = drawn[0] if drawn else ""
        title = f"Messages of {names.get(author, 'everyone')} in each {portraits['unit']}"
        return across(bar_chart, portraits["of"][author]["activity"], labels, title=title)
    lines = [Series(names[author], list(enumerate(portraits["of"][author]["activity"]))) for author in drawn]
    title = f"Messages of {len(drawn)} people in each {portraits['unit']}"
    return across(line_chart, lines, title=title, labels=list(enumerate(labels)), from_zero=True)


def messages_view(entry: ChatEntry, picked: Sequence[str], names: Mapping[str, str]) -> None:
    """Offer to read messages of those who are picked, page by page."""
    with ui.element("div").classes("tl-between").style("align-items: center"):
        widgets.text("Read some messages", tag="h2")
        search = ui.element("input").props('type=search placeholder="With these words" aria-label="Messages with these words"')
        search.classes("tl-search").style("max-width: 14rem")
    shown = widgets.html("", "tl-messages", tag="ul")
    at, words = 0, ""

    async def show() -> None:
        table = entry.table
        if table is None:
            return
        rows = await run.io_bound(some_messages, table, list(picked), words, at, with_quotes=entry.with_quotes) or []
        shown.set_content("".join(_message(row, names, alone=len(picked) == 1) for row in rows) or _nothing(at))
        back.set_enabled(at > 0)
        on.set_enabled(len(rows) == PAGE)

    async def turn(by: int) -> None:
        nonlocal at
        at = max(0, at + by)
        await show()

    async def search_for(event: Any) -> None:
        nonlocal at, words
        at, words = 0, str(event.args)
        await show()

    search.on("input", search_for, js_handler="(e) => emit(e.target.value)", throttle=0.4)
    with ui.element("div").classes("tl-row").style("margin-top: .8rem"):
        back = widgets.button("Earlier", lambda: turn(-PAGE))
        on = widgets.button("Later", lambda: turn(PAGE))
    back.set_enabled(False)
    ui.timer(0.05, show, once=True)


def _message(row: Mapping[str, Any], names: Mapping[str, str], *, alone: bool) -> str:
    when = f'<span class="tl-when">{row["time"]}</span>' if row["time"] else ""
    who = "" if alone else f"<b>{escape(names.get(row['author'], row['name']))}</b> "
    return f"<li>{when}{who}{escape(row['text'])}</li>"


def _nothing(at: int) -> str:
    return f'<li class="tl-soft">{"That was the last of them." if at else "No message has these words."}</li>'
