"""Sending letters: one at a time, each over its own short transactions."""

import importlib
import importlib.util
import pkgutil
import re
from email.utils import parseaddr

import tenants
from infra import calendar, language, logs
from infra.language import N_
from infra.language import gettext as _
from infra.mail import (
    Block,
    Button,
    Calendar,
    Code,
    Fact,
    Facts,
    Link,
    MailRefused,
    Marks,
    Message,
    Paragraph,
    Transport,
    build,
    write,
)
from infra.mail import Letter as Mail
from tenants.notifications import letters, writing
from tenants.notifications.jobs import SendLetter
from tenants.notifications.letters import Text
from tenants.notifications.writing import Written
from workers.handling import Work, handles

log = logs.get("letters")
# Why somebody gets a letter: she takes part, she works here, or her address was typed into a form.
TAKES_PART = N_("You get this e-mail because you take part in a mentoring programme of %(organisation)s.")
WORKS_HERE = N_("You get this e-mail because you have an account at %(organisation)s.")
TYPED = N_("You get this e-mail because somebody, most likely you, gave this address to %(organisation)s.")
# The rooms that write to participants alone; the others write to anybody with an account.
OF_PARTICIPANTS = {
    "registration",
    "proposal",
    "party",
    "relationship",
    "contact",
    "meeting",
    "follow_up",
    "evaluation",
    "note",
}
CONFIDENTIAL = {"note"}  # not in the outbox either, and yet to people who are here
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
TELEPHONE = re.compile(r"\+?[\d(][\d ()/-]{5,}")


def load_writers() -> None:
    """Import every room's `letters.py`, which registers the letters it writes."""
    for room in pkgutil.iter_modules(tenants.__path__):
        if room.ispkg and importlib.util.find_spec(f"tenants.{room.name}.letters"):
            importlib.import_module(f"tenants.{room.name}.letters")


@handles(SendLetter, alone=True)
async def send(work: Work, job: SendLetter) -> None:
    settings = work.ground.settings
    async with work.session() as session:
        written = await writing.take_up(session, work.actor, job.letter_id, settings.web, work.ground.links)
    if written is None:
        return
    transport = Transport.from_url(settings.mail.smtp_url, timeout_s=settings.mail.timeout_s)
    try:
        await transport.send(build(_message(written, settings.mail.sender), sender=settings.mail.sender))
    except MailRefused as error:
        log.warning("refused", letter=str(job.letter_id), status=error.facts.get("status"))
        async with work.session() as session:
            await writing.refused(session, work.actor, job.letter_id, str(error.facts.get("status")))
        return
    async with work.session() as session:
        await writing.sent(session, job.letter_id)


def _message(written: Written, sender: str) -> Message:
    organisation = written.desk.organisation_name
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
            calendar=_calendar(written, sender),
        )


def _foot(written: Written) -> tuple[str, list[Link]]:
    """Why she gets this letter, and what she can do about it; without an account there is nothing to open."""
    kind, desk = letters.KINDS[written.kind], written.desk
    room = written.kind.partition(".")[0]
    if kind.is_first or (kind.is_secret and room not in CONFIDENTIAL):
        return TYPED, []
    if kind.is_for_staff or room not in OF_PARTICIPANTS:
        return WORKS_HERE, [Link(_("Which letters you get"), desk.url("/settings"))] if kind.may_drop else []
    return TAKES_PART, [
        Link(_("Raise a concern in confidence"), desk.url("/me/concern")),
        Link(_("Your data and choices"), desk.url("/me/settings")),
    ]


def _preview(text: Text) -> str:
    """What lists of mails show beside the subject: the first words that say something, so not the greeting."""
    told = text.paragraphs[1:] if len(text.paragraphs) > 1 else text.paragraphs
    return told[0] if told else ""


def _calendar(written: Written, sender: str) -> Calendar | None:
    """The event of a letter, so that the reader's mail program puts it into her calendar or takes it out."""
    event = written.text.event
    if event is None:
        return None
    method = "CANCEL" if event.is_cancelled else "REQUEST"
    from_ = calendar.Invitation(parseaddr(sender)[1], written.desk.organisation_name, written.to_email)
    return Calendar(calendar.write([event], method=method, invitation=from_), method)


def blocks(text: Text) -> list[Block]:
    """The parts of a letter in reading order: marks, words, facts, the one button, code, small print."""
    made: list[Block] = []
    if text.pair:
        made.append(Marks(*(language.initials(name) for name in text.pair)))
    made += [Paragraph(paragraph) for paragraph in text.paragraphs]
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


load_writers()
