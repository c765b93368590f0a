"""The letter of an issue: the coordinator's own words, in the reader's language if they were written in it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.language import N_
from infra.language import gettext as _
from tenants.newsletters import queries, rules
from tenants.newsletters.models import Issue, IssueState
from tenants.notifications.letters import Desk, Part, Text, letter
from tenants.notifications.models import Letter
from tenants.organisations import queries as organisations
from tenants.registration.consents import Purpose


@letter(queries.KIND, title=N_("Newsletter, at most once a month"), is_asked_for=True, consent=Purpose.NEWS)
async def issue(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing to who has said no to news since."""
    found = await session.scalar(select(Issue).where(Issue.id == UUID(promised.about["newsletter_id"])))
    if found is None or found.state == IssueState.DRAFT or promised.person_id is None:
        return None
    if not await queries.wants_news(session, promised.person_id):
        return None
    chain = (desk.default_language, *(await organisations.own(session)).languages)
    spoken = rules.spoken(found.texts, language.current(), chain)
    words = rules.read(found.texts, spoken)
    with language.use(spoken):
        return Text(
            subject=words.subject,
            heading=words.subject,
            paragraphs=[],
            parts=[Part(one.heading, one.text, one.url, _("More")) for one in words.sections],
            language=spoken,
        )
