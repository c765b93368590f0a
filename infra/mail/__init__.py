"""
Mail: a letter becomes a message, a message goes to a server. What letters say is others' business.
"""

from infra.mail.letters import (
    Block,
    Button,
    Code,
    Fact,
    Facts,
    Heading,
    Letter,
    Link,
    Marks,
    Paragraph,
    Passage,
    Run,
)
from infra.mail.messages import Attachment, Calendar, MailInvalid, MailTooLarge, Message, build, message_id
from infra.mail.transport import BadMailUrl, MailRefused, MailUnavailable, Transport
from infra.mail.writing import write

__all__ = [
    "Attachment", "BadMailUrl", "Block", "Button", "Calendar", "Code", "Fact", "Facts", "Heading", "Letter", "Link",
    "MailInvalid", "MailRefused", "MailTooLarge", "MailUnavailable", "Marks", "Message", "Paragraph", "Passage",
    "Run", "Transport",
    "build", "message_id", "write",
]  # fmt: skip
