"""A message that somebody sends to herself, to see the words of a letter as mail."""

from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.templates import coverage, looking

TRIAL = "template.trial"


@letter(TRIAL, title=N_("The words of a letter, sent to yourself"), is_for_staff=True)
async def trial(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """In made-up values; the words stand in the edit of this letter. Nothing when there is no such template any more."""
    found = coverage.every().get(promised.about["template"])
    return looking.made_up(found, desk.url("/c/templates")) if found else None
