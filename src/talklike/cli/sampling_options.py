"""The sampling options of the command line, made from the registry, so that help and behaviour can't drift apart."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.generation.options import OPTIONS, SamplerOption, biases

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = {"temperature": "-t"}
PANEL = "Sampling"


def with_sampling(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes every sampling option, under all its names, and gets those that were used as ``sampling``.

    Args:
        command: It has a keyword parameter ``sampling``, a dictionary by our names.
    """

    @functools.wraps(command)
    def run_command(*args: Any, **values: Any) -> None:
        used = {option.name: values.pop(option.name, None) for option in OPTIONS}
        if used["logit_bias"] is not None:
            used["logit_bias"] = biases(used["logit_bias"])
        command(*args, **values, sampling={name: value for name, value in used.items() if value is not None})

    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "sampling"]
    run_command.__signature__ = signature.replace(parameters=[*own, *map(_parameter, OPTIONS)])  # type: ignore[attr-defined]  # what inspect reads
    return run_command


def _parameter(option: SamplerOption) -> inspect.Parameter:
    names = [f"--{spelling.replace('_', '-')}" for spelling in option.spellings]
    short = [SHORT[option.name]] if option.name in SHORT else []
    several = option.kind in (list, dict)
    kind = list[str] if several else option.kind
    example = " As CHARACTER=NUMBER; may be repeated." if option.kind is dict else " May be repeated." if several else ""
    annotation = Annotated[
        kind | None,  # type: ignore[valid-type]  # a type that is known at run time
        typer.Option(*dict.fromkeys(names), *short, help=f"{option.effect}{example}", rich_help_panel=PANEL, show_default=False),
    ]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
