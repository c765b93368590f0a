"""Sending letters: one at a time, each over its own short transactions."""

import importlib
import importlib.util
import pkgutil
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
    MailRefused,
    Message,
    Paragraph,
    Transport,
    build,
    write,
)
from infra.mail import Letter as Mail
from tenants.notifications import writing
from tenants.notifications.jobs import SendLetter
from tenants.notifications.letters import Text
from tenants.notifications.writing import Written
from workers.handling import Work, handles

log = logs.get("letters")
REASON = N_("You get this e-mail because you take part in a mentoring programme of %(organisation)s.")


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
    with language.use(written.language):
        mail = Mail(
            language=written.language,
            masthead=written.desk.organisation_name,
            heading=written.text.heading,
            blocks=blocks(written.text),
            reason=_(REASON, organisation=written.desk.organisation_name),
            preview=written.text.paragraphs[0] if written.text.paragraphs else "",
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


def _calendar(written: Written, sender: str) -> Calendar | None:
    """The event of a letter, so that the reader's mail program puts it into her calendar or takes it out."""
    event = written.text.event
    if event is None:
        return None
    method = "CANCEL" if event.is_cancelled else "REQUEST"
    from_ = calendar.Invitation(parseaddr(sender)[1], written.desk.organisation_name, written.to_email)
    return Calendar(calendar.write([event], method=method, invitation=from_), method)


def blocks(text: Text) -> list[Block]:
    """The parts of a letter in reading order: words, facts, code, the one button, small print."""
    made: list[Block] = [Paragraph(paragraph) for paragraph in text.paragraphs]
    if text.facts:
        made.append(Facts([Fact(label, value) for label, value in text.facts]))
    if text.button:
        made.append(Button(*text.button))
    if text.code:
        made.append(Code(text.code))
    return [*made, *(Paragraph(paragraph) for paragraph in text.after)]


load_writers()
