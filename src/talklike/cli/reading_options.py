"""The options about how a chat is read, the same for every command that reads one."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from talklike.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable

READING = {
    "format": (options.Format, None),
    "author_column": (options.AuthorColumn, None),
    "text_column": (options.TextColumn, None),
    "time_column": (options.TimeColumn, None),
    "timezone": (options.Timezone, None),
    "day_first": (options.DayFirst, None),
    "with_quotes": (options.WithQuotes, False),
    "merge": (options.Merge, None),
    "separate_nicks": (options.SeparateNicks, False),
}
"""Parameters of ``talklike.cli.reading.read``, with the option of each and what it is without."""


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes every option about reading, and gets them as ``reading``.

    Args:
        command: It has a keyword parameter ``reading``, a dictionary to hand on to ``talklike.cli.reading.read``; the options
            stand in its place.
    """

    @functools.wraps(command)
    def run_command(*args: Any, **values: Any) -> None:
        reading = {name: values.pop(name, default) for name, (_, default) in READING.items()}
        command(*args, **values, reading=reading)

    signature = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        if name == "reading":
            parameters += [
                inspect.Parameter(option, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
                for option, (annotation, default) in READING.items()
            ]
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD))
    run_command.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # what inspect reads
    return run_command
