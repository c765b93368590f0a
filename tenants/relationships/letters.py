"""The letters of a pair, a group or a circle."""

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.registration.models import ParticipantRole
from tenants.relationships import follow_up_letters, meeting_letters, parting_letters, wording
from tenants.relationships.addressing import Case, case_of
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.afterwards.rules import PURPOSE
from tenants.relationships.agreements import letters as agreement_letters
from tenants.relationships.contacts import letters as contact_letters
from tenants.relationships.keeping import letters as keeping_letters
from tenants.relationships.models import RelationshipState
from tenants.relationships.queries import Belonging

ALSO = (
    agreement_letters,
    follow_up_letters,
    contact_letters,
    keeping_letters,
    meeting_letters,
    parting_letters,
)  # loaded with this module, which is the one that is looked for


@letter("relationship.confirmed", title=N_("You are a pair"), words=wording.CONFIRMED)
async def confirmed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K37: who helps, and what to fill in together. Of a group or circle, who is in it and how to reach them."""
    case = await case_of(session, promised)
    if case is None:
        return None
    ends = day_words(case.relationship.ends_on, clock.today(desk.time_zone))
    return Filling(
        {**case.who(session), wording.ENDS_ON: ends},
        form=case.form,
        button=(case.open_page, desk.url(f"/me/pair/{case.relationship.id}")),
        facts=[] if case.other else _people(case),
    )


def _people(case: Case) -> list[tuple[str, str]]:
    """Who is in a group or circle, and how to reach them."""
    return [
        (
            _mentor_or_peer(one),
            ", ".join(part for part in (isolated(one.full_name), one.email, one.phone) if part),
        )
        for one in case.others
    ]


def _mentor_or_peer(one: Belonging) -> str:
    names = {ParticipantRole.MENTOR: _("Mentor"), ParticipantRole.MENTEE: _("Mentee")}
    return names.get(ParticipantRole(one.role), _("Peer"))


@letter("relationship.ended", title=N_("Your mentoring has come to its end"), words=wording.ENDED)
async def ended(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K43: the same words to all, whatever the reason: no more follow-ups, and the door stays open. Meetings fall away."""
    case = await case_of(session, promised, state=RelationshipState.ENDED)
    if case is None:
        return None
    asked = await afterwards.asked_of(session, case.relationship.id, case.participation_id)
    button = (_("Look back at your meetings"), desk.url(f"/me/pair/{case.relationship.id}"))
    if asked is not None:
        button = (_("Choose what comes next for you"), desk.link("/next", PURPOSE, asked.id))
    fallen = await meeting_letters.fallen_by_the_end(session, case)
    return Filling(case.who(session), form=case.form, button=button, **fallen)
