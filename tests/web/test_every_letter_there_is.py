"""Every letter of a full organisation, as its own writer writes it, in each of our languages."""

from collections.abc import Sequence

from sqlalchemy import select

from infra import language
from infra.ground import Ground
from infra.mail import build
from infra.mail.messages import LIMIT
from tenants.notifications import framing, letters, writing
from tenants.notifications.models import Letter
from tests.web import english
from tests.worlds import Looked

# The words of a coordinator herself, in the language in which she wrote them.
PERSONAL = {"contact.letter"}
SENDER = "Mentorweave <m@example.org>"


async def test_letters_are_light_and_of_one_language(looked: Looked, ground: Ground) -> None:  # K75
    made, wrong, seen = looked.world.made, [], set()
    async with ground.database.tenant_session(made.house.context()) as session:
        found: Sequence[Letter] = (await session.execute(select(Letter).order_by(Letter.id))).scalars().all()
        session.expunge_all()  # so that what is tried here is not kept
        desk = await writing.desk(session, ground.settings.web, ground.links)
        for code in language.installed():
            foreign = english.left_in(code) if code != language.SOURCE else set()
            for letter in {one.kind: one for one in found if one.kind not in PERSONAL}.values():
                letter.language = code
                with language.use(code):
                    text = await letters.compose(session, letter, desk)
                    if text is None or (text.language or code) != code:
                        continue  # what it would tell of has changed, or a coordinator has written it anew
                    key = f"{letter.kind} {code}"
                    message = framing.message(
                        writing.Written(letter.id, "k", letter.kind, "a@example.org", "", code, text, desk),
                        SENDER,
                    )
                seen.add(key)
                weight = len(build(message, sender=SENDER).as_bytes())
                if weight > LIMIT or not message.text.strip():
                    wrong.append(f"{key}: {weight} bytes")
                if left := english.told(" ".join([message.subject, *message.text.split()])) & foreign:
                    wrong.append(f"{key}: {sorted(left)}")
    assert wrong == []
    assert len(seen) > 15 * len(language.installed())
