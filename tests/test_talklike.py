"""What the package offers."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import talklike

HEAVY = ["torch", "polars", "onnx", "onnxruntime", "lightning_fabric", "matplotlib", "typer", "rich", "numpy"]


def test_importing_loads_nothing_heavy() -> None:
    """``import talklike`` is free: every package behind it is loaded at first use."""
    script = f"import sys, talklike; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
    assert result.stderr == ""


def test_the_names_are_those_of_the_guide() -> None:
    """What the design names is there, sorted, and ``dir`` shows no more."""
    assert {"Chat", "TalklikeError", "Voice", "load_voice", "read_chat", "sample_path", "train"} <= set(talklike.__all__)
    assert sorted(talklike.__all__) == dir(talklike)


@pytest.mark.parametrize("name", [name for name in talklike.__all__ if name != "__version__"])
def test_every_public_name_has_a_docstring(name: str) -> None:
    """Each class and function says what it is, and so does each public method of its own."""
    value = getattr(talklike, name)
    assert inspect.getdoc(value)
    if inspect.isclass(value):
        for method, function in vars(value).items():
            if not method.startswith("_") and (inspect.isroutine(function) or isinstance(function, property)):
                assert inspect.getdoc(getattr(value, method)), f"{name}.{method}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A typing mistake gives the usual error, which names it."""
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        talklike.generat  # noqa: B018 - the access is what is tested


def test_the_version_is_that_of_the_package() -> None:
    """The version in the code is the installed one."""
    from importlib.metadata import version

    assert talklike.__version__ == version("talklike")
