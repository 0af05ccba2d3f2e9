"""What Mattermost writes in the name of people: who joined, who left, what a channel is called now.

The server marks such posts with a type. Its bulk export leaves the type out before version 6.1, and so do scripts; where such an
export was imported, they stay posts of people. What gives them away is that they begin with their author's own user name, or
end with it, in set words. They are in the language of the server, which is English unless somebody changed it.

Sources: the server's English messages, 3.x to 11; https://github.com/mattermost/mattermost/issues/18640.
"""

from __future__ import annotations

import re

ACTION = "me"
"""The type of a post that was typed as ``/me waves`` and is kept as ``*waves*``."""

BY_PEOPLE = frozenset({"", ACTION, "slack_attachment", "burn_on_read"})
"""Types of posts that someone wrote, also with attachments as webhooks send them; all others tell what happened."""

LONGEST = 4000
"""What a channel is for may stand in a notice twice, before and after [character]."""

_PLACE = r"the (?:channel|team)(?: as guest)?"

_AFTER_NAME = re.compile(
    rf"(?:has )?(?:joined|left) {_PLACE}\."
    r"|(?:has )?(?:un)?archived the channel\."
    r"|(?:has )?(?:updated|changed) the channel (?:display name|header|purpose) (?:from: .+ )?to: .+"
    r"|removed the channel (?:header|purpose) \(was: .+\)",
    re.DOTALL,
)
_BEFORE_NAME = re.compile(rf"@?[\w.-]+ (?:was )?added to {_PLACE} by ")
_NO_USER = r"(?!(?:i|he|she|it|we|you|they|this|that|who|one|\w+(?:one|body)) )"
_WITHOUT_NAME = re.compile(
    rf"@?{_NO_USER}[a-z0-9._-]+ (?:was )?removed from the (?:channel|team)\."
    r"|This channel has been converted to a (?:Public Channel and can be joined by any team member|Private Channel)\."
)


def is_notice(text: str, user: str | None) -> bool:
    """Return whether a post without a type is no message of its author but a line of the server's.

    Args:
        text: The post.
        user: The user name of who is said to have written it.

    >>> is_notice("wren joined the channel.", "wren"), is_notice("otter joined the channel.", "wren")
    (True, False)
    """
    if not user or len(text) > LONGEST:
        return False
    after = text.removeprefix("@").removeprefix(f"{user} ")
    if len(after) < len(text.removeprefix("@")) and _AFTER_NAME.fullmatch(after):
        return True
    before = text.removesuffix(".").removesuffix(user)
    if len(before) < len(text.removesuffix(".")) and _BEFORE_NAME.fullmatch(before.removesuffix("@")):
        return True
    return _WITHOUT_NAME.fullmatch(text) is not None
