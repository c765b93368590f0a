"""The log of consents: what the application cannot do to it, and what it shows."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from infra import language
from infra.errors import NotFound
from tenants.privacy import consenting
from tenants.registration import agreeing
from tenants.registration.consents import Purpose
from tenants.registration.models import Channel
from tests.pairing import Stage


@pytest.mark.parametrize("column", ["purpose", "text_version", "language", "channel", "recorded_by"])
async def test_nothing_of_a_consent_can_be_changed(stage: Stage, column: str) -> None:
    await stage.joins()
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stage.session() as session:
            await session.execute(text(f"UPDATE consent SET {column} = NULL"))


async def test_a_withdrawal_stays(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session(her.actor) as session:
        assert await agreeing.take_back(session, her.actor, her.person_id, Purpose.MATCHING) == 1
    with pytest.raises(ProgrammingError, match="a withdrawal stays"):
        async with stage.session() as session:
            await session.execute(
                text("UPDATE consent SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL")
            )


async def test_the_log_says_how_by_whom_and_in_which_words(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session(stage.by) as session:
        await agreeing.take_back(session, stage.by, her.person_id, Purpose.MATCHING, channel=Channel.PAPER)
        await agreeing.give(
            session, stage.by, her.person_id, Purpose.MATCHING, channel=Channel.PHONE, language="fr"
        )
    with language.use("fr"):
        async with stage.session(her.actor) as session:
            found = await consenting.of_person(session, her.actor, her.person_id)
    matching = next(one for one in found if one.purpose is Purpose.MATCHING)
    assert [(one.channel, one.language, one.withdrawn_channel, one.recorded_by) for one in matching.log] == [
        ("phone", "fr", None, "Cora Coordinator"),
        ("phone", "en", "paper", "Cora Coordinator"),
    ]
    assert (matching.stands, matching.is_changeable) == (True, True)
    assert "Réseau de mentorat" in next(one for one in found if one.purpose is Purpose.TAKING_PART).text


async def test_others_do_not_read_it(stage: Stage) -> None:
    her, other = await stage.joins(), await stage.joins(name="Ana Ilić")
    async with stage.session(other.actor) as session:
        with pytest.raises(NotFound):
            await consenting.of_person(session, other.actor, her.person_id)
    async with stage.session(stage.made.owner) as session:
        with pytest.raises(NotFound):
            await consenting.of_person(session, stage.made.owner, her.person_id)
