"""Every error that talklike raises for a mistake a person can mend.

::

    TalklikeError                  anything below; its text is one line that says what, where and what to try
    ├── OptionError                an option or argument has a value that makes no sense
    ├── MissingExtraError          a package is needed that this installation left out
    ├── ChatError                  a chat can't be read
    │   ├── ChatFileError          the file is missing, empty, binary, damaged or unreadable
    │   └── FormatError            nobody knows this layout, or a named column isn't there
    ├── CorpusError                a chat can't be made into training text
    │   ├── AuthorNotFoundError    no such author in this chat
    │   └── TooLittleTextError     there is less text than a voice can learn from
    ├── VoiceFileError             a voice file is missing, damaged, foreign or hostile
    ├── KerasFileError             a Keras file is missing or damaged, or isn't a stack of LSTMs on characters
    ├── PromptError                a prompt can't be continued
    ├── BusyError                  too much is asked for at once; later it will do
    └── RunError                   a run folder can't be written, read or resumed

The command line prints the text and exits with ``exit_status``.
"""

from __future__ import annotations


class TalklikeError(Exception):
    """A mistake that the caller can mend; the text says what is wrong, where, and what to try."""

    exit_status = 1


class OptionError(TalklikeError):
    """An option or argument has a value that makes no sense."""

    exit_status = 2


class MissingExtraError(TalklikeError):
    """A package is needed that this installation left out."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs the package {package}; install it with: pip install 'talklike[{extra}]'")


class ChatError(TalklikeError):
    """A chat can't be read."""


class ChatFileError(ChatError):
    """The chat's file is missing, empty, binary, damaged or unreadable."""


class FormatError(ChatError):
    """No format fits the chat's layout, or a named column isn't there."""


class CorpusError(TalklikeError):
    """A chat can't be made into training text."""


class AuthorNotFoundError(CorpusError):
    """The chat holds no such author."""


class TooLittleTextError(CorpusError):
    """There is less text than a voice can learn from."""


class VoiceFileError(TalklikeError):
    """A voice file is missing, damaged, foreign or hostile."""


class KerasFileError(TalklikeError):
    """A Keras file is missing or damaged, or isn't a stack of LSTMs on characters."""


class PromptError(TalklikeError):
    """A prompt can't be continued."""


class BusyError(TalklikeError):
    """Too much is asked for at once; later it will do."""


class RunError(TalklikeError):
    """A run folder can't be written, read or resumed."""
