"""Mail: mbox files (Gmail's Takeout, Thunderbird, Apple Mail, Mutt, lists' archives) and single mails (.eml, .emlx, Maildir).

How mailboxes are cut into mails: ``talklike.chat.mail_split``; what is read of a mail: ``mail_head``, ``mail_body``; what in it
its author wrote: ``own_words``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat import gmail_chats
from talklike.chat.format import Match
from talklike.chat.json_values import identifier
from talklike.chat.mail_body import body_of
from talklike.chat.mail_charset import decoded
from talklike.chat.mail_head import sender, sent, split_head, thread
from talklike.chat.mail_split import begins_mail, begins_mbox, mails, unescaped
from talklike.chat.own_words import own_words
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.mail_body import Body
    from talklike.chat.mail_head import Head as MailHead
    from talklike.chat.mail_split import RawMail
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

KNOWN = frozenset(
    {
        "from", "date", "subject", "to", "message-id", "received", "return-path", "mime-version", "content-type", "delivered-to",
        "x-mozilla-status", "x-gmail-labels", "x-gm-thrid", "x-uidl", "status", "in-reply-to", "references", "reply-to", "cc",
        "newsgroups",
    }
)  # fmt: skip
"""Headers that tell a mail from other lines with a colon in them."""

OF_TRANSPORT = KNOWN - {"from", "date", "subject", "to", "status", "cc", "references"}
"""Those of them that nobody writes by hand."""

EXPUNGED = 0x8
"""In ``X-Mozilla-Status``: a mail that was deleted and waits for its folder to be compacted."""

MACHINES = ("mailer-daemon", "mailer daemon", "postmaster@", "double-bounce@")
"""How the addresses of those begin who tell that a mail didn't get there."""

AUTOMATIC = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-list-administrivia", "list-administrivia", "x-failed-recipients")
"""Headers that only automatic mails have."""


class Mbox:
    """Mail."""

    name = "mbox"
    title = "mail: mbox (Gmail's Takeout, Thunderbird, Apple Mail, lists' archives), .eml, .emlx, Maildir"
    rule = "a line that begins with `From ` above the headers of a mail, or these headers (`From`, `Date`, `Message-ID` …)"
    limits = (
        "attachments, mails attached to mails, encrypted mails; what is beyond the first 4 MiB of a mail; hidden folders "
        "(Maildir++) unless you name them; Outlook's PST and MSG files"
    )
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the file begins with a mail."""
        data = head.data
        if begins_mbox(data):
            first = next(mails(iter((data,))))
            if len(_known(first)) > 1:
                return Match(0.97, "a line that begins with From, and the headers of a mail below it")
        elif begins_mail(data):
            known = _known(next(mails(iter((data,)))))
            if "from" in known and "date" in known and known & OF_TRANSPORT:
                return Match(0.96, "the headers of a mail")
            if {"from", "date", "subject", "to"} <= known:
                return Match(0.9, "what looks like the headers of a mail")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the mails."""
        rows = Rows()
        cut = 0
        for mail in mails(source.chunks()):
            cut += not mail.whole
            reason = _add(rows, mail, options)
            if reason is not None:
                report.skip(reason, 1, [source.place(mail.line)])
            yield from rows.full()
        yield from rows.rest()
        if cut:
            report.notes.append(f"{source.name}: mails longer than 4 MiB, of which only the beginning is looked at: {cut:,}")
        if source.damage is not None:
            report.notes.append(source.damage)


def _known(mail: RawMail) -> set[str]:
    head, _ = split_head(mail.data)
    return {name for name in KNOWN if name in head}


def _add(rows: Rows, mail: RawMail, options: ReadOptions) -> str | None:
    """Add what a mail says; return why it isn't kept, None if it is."""
    head, rest = split_head(unescaped(mail.data) if mail.envelope else mail.data)
    if not head:
        return "malformed"
    if _is_deleted(head):
        return "deleted"
    body = body_of(head, rest, quotes=options.quotes)
    author, name = sender(head)
    channel = thread(head.text("subject")) or identifier(head.text("list-id"))
    if body.chats:
        return _add_chats(rows, mail.line, body.chats, channel)
    text, reason = _text(head, body, author, options)
    if reason is not None:
        return reason
    envelope = decoded(mail.envelope)
    rows.add(
        mail.line,
        author or identifier(envelope.partition(" ")[0]),
        text,
        name=name,
        time=sent(head, envelope),
        channel=channel,
        id=identifier(head.text("message-id").strip("<> ")),
    )
    return None


def _add_chats(rows: Rows, line: int, chats: list[str], channel: str | None) -> str | None:
    found = [one for xml in chats for one in gmail_chats.said(xml)]
    for one in found:
        rows.add(line, identifier(one.author), one.text, time=one.time, channel=channel)
    return None if found else "malformed"


def _text(head: MailHead, body: Body, author: str | None, options: ReadOptions) -> tuple[str, str | None]:
    """Return what the author of a mail wrote, or why it is no message of a person."""
    if _is_automatic(head, body, author):
        return "", "system line"
    text = "\n".join(body.texts).strip("\n")
    reason = None
    if not options.quotes:
        words = own_words(text)
        text, reason = words.text, words.reason
    if not text.strip():
        if reason is None:
            named = (kind for kind in ("encrypted", "forwarded") if kind in body.kinds)
            reason = next(named, "media only" if body.media else None)
        return "", reason
    return text, None


def _is_deleted(head: MailHead) -> bool:
    status = head.text("x-mozilla-status")
    try:
        return bool(int(status, 16) & EXPUNGED)
    except ValueError:
        return False


def _is_automatic(head: MailHead, body: Body, author: str | None) -> bool:
    """Return whether a program wrote a mail: an answering machine, a server that couldn't deliver, a calendar."""
    submitted = head.text("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or any(name in head for name in AUTOMATIC)
        or head.text("precedence").lower() in ("auto_reply", "auto-reply")
        or head.raw("return-path").strip() == b"<>"
        or bool({"report", "invitation"} & body.kinds)
        or (author or "").startswith(MACHINES)
    )


MBOX = Mbox()
