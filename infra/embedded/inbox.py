"""The folder in which the mail catcher keeps what it caught: one .eml file a message, newest first."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Caught:
    """One message as it was handed over, with the addressees that the envelope named."""

    id: str
    at: datetime
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    def part(self, kind: str) -> str | None:
        """The text of the first `plain` or `html` part."""
        found = self.message.get_body(preferencelist=(kind,))
        return str(found.get_content()) if isinstance(found, EmailMessage) else None


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, content: bytes, recipients: list[str]) -> str:
        """Store a message. It is whole or not there, whatever is killed meanwhile."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        envelope = f"X-Envelope-To: {', '.join(recipients)}\r\n".encode()
        draft = self.folder / f"{name}.part"
        draft.write_bytes(envelope + content)
        draft.rename(self.folder / f"{name}.eml")
        return name

    def newest(self, limit: int = 200) -> list[Caught]:
        names = sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)
        return [self._read(name) for name in names[:limit]]

    def get(self, name: str) -> Caught | None:
        # Looked up among the names there are, so that no name can lead out of the folder.
        return self._read(name) if name in {path.stem for path in self.folder.glob("*.eml")} else None

    def _read(self, name: str) -> Caught:
        content = (self.folder / f"{name}.eml").read_bytes()
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
        recipients = tuple(one.strip() for one in str(message["X-Envelope-To"] or "").split(","))
        seconds = int(name.partition("-")[0]) / 1_000_000_000
        return Caught(name, datetime.fromtimestamp(seconds, UTC), recipients, message)
