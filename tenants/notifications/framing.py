"""
From what a letter says to the mail that goes: the frame around it, why it came, and what its reader can do.

Importing this brings in what makes HTML of it, so whoever only sometimes needs it imports it then.
"""

import re
import textwrap
from email.utils import parseaddr

from infra import calendar, language
from infra.language import N_
from infra.language import gettext as _
from infra.mail import (
    Block,
    Button,
    Calendar,
    Code,
    Fact,
    Facts,
    Heading,
    Link,
    Marks,
    Message,
    Paragraph,
    Passage,
    Run,
    write,
)
from infra.mail import Letter as Mail
from tenants.notifications import choices, letters
from tenants.notifications.letters import Text
from tenants.notifications.writing import Written

# Why somebody gets a letter: she takes part, she works here, or her address was typed into a form.
TAKES_PART = N_("You get this e-mail because you take part in a mentoring programme of %(organisation)s.")
ASKED_FOR = N_("You get this e-mail because you have asked %(organisation)s for letters like this one.")
WORKS_HERE = N_("You get this e-mail because you have an account at %(organisation)s.")
TYPED = N_("You get this e-mail because somebody, most likely you, gave this address to %(organisation)s.")
# The rooms that write to participants alone; the others write to anybody with an account.
OF_PARTICIPANTS = {
    "registration",
    "interview",
    "proposal",
    "party",
    "relationship",
    "contact",
    "meeting",
    "follow_up",
    "evaluation",
    "agreement",
    "notice",
    "note",
    "opportunity",
    "newsletter",
}
CONFIDENTIAL = {"note"}  # not in the outbox either, and yet to people who are here
PREVIEW = 150  # characters; no list of mails shows more
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
TELEPHONE = re.compile(r"\+?[\d(][\d ()/-]{5,}")


def message(written: Written, sender: str) -> Message:
    organisation = written.desk.organisation_name
    calendars = _calendars(written, sender)
    with language.use(written.language):
        reason, links = _foot(written)
        mail = Mail(
            language=written.language,
            masthead=organisation,
            heading=written.text.heading,
            blocks=blocks(written.text),
            reason=_(reason, organisation=organisation),
            links=links,
            preview=_preview(written.text),
            hue=written.desk.hue,
        )
        return write(
            mail,
            key=written.key,
            to=written.to_email,
            to_name=written.to_name,
            subject=written.text.subject,
            calendar=calendars[0] if calendars else None,
            more_calendars=calendars[1:],
            unsubscribe=_ending(written),
        )


def _foot(written: Written) -> tuple[str, list[Link]]:
    """Why she gets this letter, and what she can do about it; without an account there is nothing to open."""
    kind, desk = letters.KINDS[written.kind], written.desk
    room = written.kind.partition(".")[0]
    if kind.is_first or (kind.is_secret and room not in CONFIDENTIAL):
        return TYPED, []
    if kind.is_for_staff or room not in OF_PARTICIPANTS:
        return WORKS_HERE, [Link(_("Which letters you get"), desk.url("/settings"))] if kind.may_drop else []
    if kind.is_asked_for:
        return ASKED_FOR, [
            Link(_("Get no more of these letters"), _ending(written)),
            Link(_("Your data and choices"), desk.url("/me/settings")),
        ]
    return TAKES_PART, [
        Link(_("Raise a concern in confidence"), desk.url("/me/concern")),
        Link(_("Your data and choices"), desk.url("/me/settings")),
    ]


def _ending(written: Written) -> str:
    """Where a letter that its reader has asked for can be ended without signing in, by one click (RFC 8058)."""
    if not letters.KINDS[written.kind].is_asked_for:
        return ""
    return written.desk.link("/unsubscribe", choices.UNSUBSCRIBE, written.letter_id)


def _preview(text: Text) -> str:
    """What lists of mails show beside the subject: the first words that say something, so not the greeting."""
    told = text.paragraphs[1:] if len(text.paragraphs) > 1 else text.paragraphs
    told = told or [part.text for part in text.parts]
    return textwrap.shorten(told[0], PREVIEW, placeholder="…") if told else ""


def _calendars(written: Written, sender: str) -> list[Calendar]:
    """What a letter brings, so that the reader's mail program puts it into her calendar or takes it out."""
    text = written.text
    if text.event is None:
        return []
    from_ = calendar.Invitation(parseaddr(sender)[1], written.desk.organisation_name, written.to_email)
    made = []
    for events in ([text.event, *text.exceptions], *text.apart):
        method = "CANCEL" if events[0].is_cancelled else "REQUEST"
        made.append(Calendar(calendar.write(events, method=method, invitation=from_), method))
    return made


def blocks(text: Text) -> list[Block]:
    """The parts of a letter in reading order: marks, words, facts, the one button, code, small print."""
    made: list[Block] = []
    if text.pair:
        made.append(Marks(*(language.initials(name) for name in text.pair)))
    if text.passages:
        made += [
            Passage([[Run(*run) for run in line] for line in one.lines], one.is_list) for one in text.passages
        ]
    else:
        made += [Paragraph(paragraph) for paragraph in text.paragraphs]
    for part in text.parts:
        made += [Heading(part.heading), Paragraph(part.text)]
        if part.url:
            made.append(Facts([Fact(part.more, part.url, part.url)]))
    if text.facts:
        made.append(Facts([Fact(label, value, _address(value)) for label, value in text.facts]))
    if text.button:
        made.append(Button(*text.button))
    if text.code:
        made.append(Code(text.code))
    return [*made, *(Paragraph(paragraph, is_small=True) for paragraph in text.after)]


def _address(value: str) -> str | None:
    """What a touch on a fact opens: a letter to an address, a call of a number."""
    if ADDRESS.fullmatch(value):
        return f"mailto:{value}"
    if TELEPHONE.fullmatch(value) and sum(sign.isdigit() for sign in value) > 5:
        return "tel:" + re.sub(r"[^\d+]", "", value)
    return None
