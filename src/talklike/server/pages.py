"""The page that describes the API, made of its OpenAPI description; it loads nothing from anywhere."""

from __future__ import annotations

import html
from typing import Any

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #8884;padding:.3rem .5rem;text-align:left;vertical-align:top}
code{font-size:.95em}"""


def documentation(description: dict[str, Any]) -> str:
    """Return the page.

    Args:
        description: OpenAPI's description of the API.
    """
    parts = [f"<h1>{_text(description['info']['title'])}</h1>", f"<p>{_text(description['info'].get('description', ''))}</p>"]
    parts.append('<p>For programs: <a href="openapi.json">openapi.json</a></p>')
    schemas = description.get("components", {}).get("schemas", {})
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            parts.append(f"<h2><code>{method.upper()} {_text(path)}</code></h2><p>{_text(operation.get('description', ''))}</p>")
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            fields = schemas.get(body.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
            if fields:
                rows = "".join(
                    f"<tr><td><code>{_text(name)}</code></td><td>{_text(field.get('description', ''))}</td></tr>"
                    for name, field in fields.items()
                )
                parts.append(f"<table><thead><tr><th>field</th><th>what it is</th></tr></thead><tbody>{rows}</tbody></table>")
    title = _text(description["info"]["title"])
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>'
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body><main>{"".join(parts)}</main></body></html>'


def _text(value: object) -> str:
    return html.escape(str(value))
