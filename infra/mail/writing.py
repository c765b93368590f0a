"""From a letter to a message."""

from collections.abc import Mapping, Sequence

from infra.mail import letters, plain
from infra.mail.letters import Letter
from infra.mail.messages import Attachment, Calendar, Message


def write(
    letter: Letter,
    *,
    key: str,
    to: str,
    subject: str,
    to_name: str = "",
    reply_to: str = "",
    unsubscribe: str = "",
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    calendar: Calendar | None = None,
    more_calendars: Sequence[Calendar] = (),
) -> Message:
    """The letter as HTML and as text, addressed."""
    return Message(
        key=key,
        to=to,
        subject=subject,
        text=plain.text(letter),
        html=letters.html(letter),
        language=letter.language,
        to_name=to_name,
        reply_to=reply_to,
        unsubscribe=unsubscribe,
        headers=headers or {},
        attachments=attachments,
        calendar=calendar,
        more_calendars=more_calendars,
    )
