"""The page that describes the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.server.running import Running


def test_it_describes_every_path_and_loads_nothing(server: Running) -> None:
    """All paths and fields stand in it, and it asks nobody else for anything."""
    page = server.client.get("/docs").text
    description = server.client.get("/openapi.json").json()
    assert all(path in page for path in description["paths"])
    assert all(f"<code>{name}</code>" in page for name in description["components"]["schemas"]["Completion"]["properties"])
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", page) == ["openapi.json"]
    assert "<script" not in page
