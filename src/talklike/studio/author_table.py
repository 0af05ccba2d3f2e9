"""Who writes in a chat: a table to sort, to search and to pick from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from nicegui import ui

from talklike.studio import widgets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS = 15
"""Rows at first, and how many more each time."""

COLUMNS = (
    ("name", "Author", "tl-left"),
    ("messages", "Messages", ""),
    ("characters", "Characters", "tl-optional"),
    ("length", "Per message", "tl-optional"),
    ("first", "First", "tl-optional"),
    ("last", "Last", "tl-optional"),
)

_PICKED = """(e) => {
  if (e.target.type !== "checkbox") return;
  e.target.closest("tr").classList.toggle("tl-chosen", e.target.checked);
  emit({place: Number(e.target.value), on: e.target.checked});
}"""
_SORTED = """(e) => {
  const button = e.target.closest("button[data-sort]");
  if (button) emit(button.dataset.sort);
}"""


class AuthorTable:
    """The table.

    Args:
        found: What was found in a chat (``talklike.studio.chat_job``).
        picked: Ids of those who are picked at first.
        on_pick: Called with the ids of those who are picked, the most active first, when that changes.
    """

    def __init__(self, found: dict[str, Any], picked: Sequence[str], on_pick: Callable[[list[str]], None]) -> None:
        self._rows = [row | {"length": row["characters"] / max(1, row["messages"])} for row in found["authors"]]
        self._others = found["others"]
        self._picked = set(picked)
        self._on_pick = on_pick
        self._order, self._down = "messages", True
        self._wanted = ""
        self._shown = ROWS
        with ui.element("div").classes("tl-between").style("margin-bottom: .7rem; align-items: center"):
            widgets.text("Who writes", tag="h2")
            search = (
                ui.element("input").props('type=search placeholder="Find someone" aria-label="Find someone"').classes("tl-search")
            )
            search.style("max-width: 14rem").on("input", self._search, js_handler="(e) => emit(e.target.value)", throttle=0.2)
        self._table = widgets.html("", "tl-scroll")
        self._table.on("change", self._pick, js_handler=_PICKED)
        self._table.on("click", self._sort, js_handler=_SORTED)
        self._more = widgets.button("Show more", self._show_more).style("margin-top: .8rem")
        self._draw()

    def _visible(self) -> list[dict[str, Any]]:
        """Return the rows that are searched for, in the order that is wanted; those without a value last."""
        wanted = self._wanted.casefold()
        rows = [row for row in self._rows if wanted in row["name"].casefold() or wanted in row["author"].casefold()]
        known = [row for row in rows if row[self._order] is not None]
        known.sort(key=lambda row: row[self._order].casefold() if self._order == "name" else row[self._order], reverse=self._down)
        return known + [row for row in rows if row[self._order] is None]

    def _draw(self) -> None:
        rows = self._visible()
        self._table.set_content(
            table_markup(rows[: self._shown], self._rows, self._picked, (self._order, self._down), self._others)
        )
        self._more.set_visibility(len(rows) > self._shown)

    def _pick(self, event: Any) -> None:
        author = self._rows[int(event.args["place"])]["author"]
        (self._picked.add if event.args["on"] else self._picked.discard)(author)
        self._on_pick([row["author"] for row in self._rows if row["author"] in self._picked])

    def _sort(self, event: Any) -> None:
        order = str(event.args)
        if order not in {key for key, _, _ in COLUMNS}:
            return
        self._down = not self._down if order == self._order else order != "name"
        self._order = order
        self._draw()
        # The button that was pressed is a new one now.
        ui.run_javascript(f"document.querySelector('.tl-table [data-sort={order}]').focus()")

    def _search(self, event: Any) -> None:
        self._wanted = str(event.args)
        self._shown = ROWS
        self._draw()

    def _show_more(self) -> None:
        self._shown += 4 * ROWS
        self._draw()


def table_markup(
    rows: Sequence[dict[str, Any]], everyone: Sequence[dict[str, Any]], picked: set[str], order: tuple[str, bool], others: int
) -> str:
    """Return the table as HTML.

    Args:
        rows: Those that are shown.
        everyone: All authors: a row's place among them is its number.
        picked: Ids of those who are picked.
        order: The column that it is sorted by, and whether downwards.
        others: How many authors there are besides.
    """
    places = {row["author"]: place for place, row in enumerate(everyone)}
    most = max([row["messages"] for row in everyone], default=1)
    dated = any(row["first"] for row in everyone)
    columns = [column for column in COLUMNS if dated or column[0] not in ("first", "last")]
    head = "".join(
        f'<th scope="col" class="{classes}"{_sorted(order, key)}><button type="button" data-sort="{key}">{label}</button></th>'
        for key, label, classes in columns
    )
    body = []
    for row in rows:
        name, author = escape(row["name"]), escape(row["author"])
        why = f'<span class="tl-soft tl-small tl-why">{escape(row["reason"] or "")}</span>' if row["automated"] else ""
        bot = f'<br><span class="tl-tag">looks automated</span>{why}' if row["automated"] else ""
        id_ = f'<br><span class="tl-soft tl-small">{author}</span>' if author != name else ""
        on = row["author"] in picked
        box = f'<input type="checkbox" value="{places[row["author"]]}"{" checked" if on else ""}>'
        meter = f'<span class="tl-meter tl-optional{" tl-automated" if row["automated"] else ""}" aria-hidden="true">'
        meter += f'<i style="width: {100 * row["messages"] / most:.1f}%"></i></span>'
        cells = [
            f'<td class="tl-left tl-who"><label class="tl-check">{box}<span>{name}{id_}{bot}</span></label></td>',
            f"<td>{row['messages']:,} {meter}</td>",
            f'<td class="tl-optional">{row["characters"]:,}</td>',
            f'<td class="tl-optional">{row["length"]:.0f}</td>',
        ]
        cells += [f'<td class="tl-optional">{(row[key] or "")[:10]}</td>' for key in ("first", "last") if dated]
        body.append(f"<tr{' class=tl-chosen' if on else ''}>{''.join(cells)}</tr>")
    rest = f'<p class="tl-soft tl-small">{others:,} more wrote less and are not listed.</p>' if others else ""
    return f'<table class="tl-table"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>{rest}'


def _sorted(order: tuple[str, bool], key: str) -> str:
    return f' aria-sort="{"descending" if order[1] else "ascending"}"' if order[0] == key else ""
