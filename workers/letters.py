"""Sending letters: one at a time, each over its own short transactions."""

import asyncio
import importlib
import importlib.util
import pkgutil
from weakref import WeakKeyDictionary

import tenants
from infra import logs
from infra.mail import MailInvalid, MailRefused, MailTooLarge, Transport, build
from tenants.notifications import framing, writing
from tenants.notifications.jobs import SendLetter
from tenants.notifications.templates import trial
from workers.handling import Work, handles

ALSO = (trial,)  # a letter with a file of its own
log = logs.get("letters")
_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


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
    sender = settings.mail.sender

    async def note() -> None:
        async with work.finishing() as session:
            await writing.sent(session, job.letter_id)

    try:
        mail = build(framing.message(written, sender), sender=sender)
        await transport.send(mail, turn=_turn(), note=note)
    except (MailRefused, MailInvalid, MailTooLarge) as error:
        # The last two are refused by ourselves: what cannot go today will not go tomorrow, and a person can mend it.
        told = (error.facts.get("status"), error.facts.get("enhanced"))
        why = " ".join(str(one) for one in told if one) or error.code
        log.warning("refused", letter=str(job.letter_id), why=why)
        async with work.session() as session:
            await writing.refused(session, work.actor, job.letter_id, why)


def _turn() -> asyncio.Lock:
    """
    Of the letters that this process has on their way, one at a time lies between the server's yes and our note of
    it, so that a death makes at most one of them arrive twice.
    """
    return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())


load_writers()
