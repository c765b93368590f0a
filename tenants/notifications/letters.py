"""
The registry of letters: each room writes its own, in `letters.py`, from ids and in the reader's language.

    @letter("registration.confirm", title=N_("Confirm your registration"))
    async def confirm(session, letter, desk) -> Text | None: ...

Returning None means that there is nothing to say any more: the letter is
withdrawn. The gettext language is already that of the reader.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendar import Event
from infra.crypto.links import LinkSigner
from tenants.notifications.models import Letter


@dataclass(frozen=True, slots=True)
class Desk:
    """What a letter is written with: the organisation it comes from and the way to make links to its pages."""

    organisation_id: UUID
    organisation_name: str
    hue: int
    base_url: str
    time_zone: str
    links: LinkSigner

    def url(self, path: str) -> str:
        return f"{self.base_url}{path}"

    def link(self, path: str, purpose: str, row_id: UUID) -> str:
        """A link whose secret part opens one row for one purpose."""
        return f"{self.base_url}{path}/{self.links.token(purpose, self.organisation_id, row_id)}"


@dataclass(frozen=True, slots=True)
class Text:
    """
    What a letter says: subject, heading, paragraphs, at most one button, facts.

    Paragraphs are plain text. `facts` are label and value, shown as a small table.
    """

    subject: str
    heading: str
    paragraphs: list[str]
    button: tuple[str, str] | None = None  # label, address
    facts: list[tuple[str, str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # small print below the button
    code: str | None = None  # digits to type instead of following the link
    pair: tuple[str, str] | None = None  # names of mentor and mentee, whose marks stand above the heading
    event: Event | None = None  # for the reader's calendar; a cancelled one takes it out


Writer = Callable[[AsyncSession, Letter, Desk], Awaitable[Text | None]]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    title: str  # gettext message id
    write: Writer
    is_secret: bool  # not shown in the coordinator's outbox (sign-in links)
    may_drop: bool  # its reader may choose not to get it
    is_first: bool  # goes to somebody who does not take part yet
    is_for_staff: bool  # goes to who works with people, and is no choice of others


KINDS: dict[str, Kind] = {}


def letter(
    name: str,
    *,
    title: str,
    is_secret: bool = False,
    may_drop: bool = False,
    is_first: bool = False,
    is_for_staff: bool = False,
) -> Callable[[Writer], Writer]:
    """Register the writer of one kind of letter."""

    def register(write: Writer) -> Writer:
        if name in KINDS:
            raise ValueError(f"two writers for {name}")
        KINDS[name] = Kind(name, title, write, is_secret, may_drop, is_first, is_for_staff)
        return write

    return register


async def compose(session: AsyncSession, letter: Letter, desk: Desk) -> Text | None:
    """The text of a letter as it would be sent now."""
    return await KINDS[letter.kind].write(session, letter, desk)
