"""Train a small LSTM on one person's chat messages; generate text that talks like them; measure how well it does.

>>> import talklike as tl
>>> chat = tl.read_chat(tl.sample_path())
>>> chat.authors().row(0, named=True)["name"]
'mossy_keel'

``train`` makes a voice of a chat; ``load_voice`` reads one that was made before.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from talklike.errors import TalklikeError
from talklike.version import __version__

if TYPE_CHECKING:
    from talklike.chat.read import read_chat
    from talklike.chat.table import Chat
    from talklike.generation.import_keras import import_keras
    from talklike.generation.voice import Voice, load_voice
    from talklike.sample import sample_path
    from talklike.training.train import train
    from talklike.voice.export import export_voice

__all__ = [
    "Chat",
    "TalklikeError",
    "Voice",
    "__version__",
    "export_voice",
    "import_keras",
    "load_voice",
    "read_chat",
    "sample_path",
    "train",
]

# Loaded at first use, so that a program that only writes with a voice never loads torch, nor Polars.
_HOME = {
    "Chat": "talklike.chat.table",
    "Voice": "talklike.generation.voice",
    "export_voice": "talklike.voice.export",
    "import_keras": "talklike.generation.import_keras",
    "load_voice": "talklike.generation.voice",
    "read_chat": "talklike.chat.read",
    "sample_path": "talklike.sample",
    "train": "talklike.training.train",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'talklike' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
