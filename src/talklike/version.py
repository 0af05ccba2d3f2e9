"""The version of this package, from its metadata: written down once, in ``pyproject.toml``."""

from importlib.metadata import version

__version__ = version("talklike")
