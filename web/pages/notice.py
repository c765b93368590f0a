"""Ending one's mentoring as the agreement says, and taking that back (K53)."""

from collections.abc import Sequence
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from infra.language import day_words
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import notices, queries, rules
from tenants.relationships.agreements import notice_rules
from tenants.relationships.agreements.notice_models import Ground, NoticeState
from tenants.relationships.models import Relationship, RelationshipState
from tenants.relationships.queries import Belonging
from web import together
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/pair/{relationship_id:uuid}/notice"


@get(PATH)
async def notice(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _page(door, relationship_id, FormState())


@post(PATH)
async def give(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        try:
            ground = Ground(filled.text("ground"))
        except ValueError as error:
            raise Invalid(
                Problem("ground", "missing" if not filled.text("ground") else "not_a_choice")
            ) from error
        given = await notices.give(
            door.session, door.actor, relationship_id, ground, reason=filled.text("reason")
        )
    except Invalid as error:
        return await _page(door, relationship_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))
    if given.state != NoticeState.GIVEN:
        return door.go("/me", said=_("Your mentoring has ended. Your coordinator reads what happened."))
    words = day_words(given.ends_on, clock.today(door.actor.time_zone), relative=False)
    return door.go(
        f"/me/pair/{relationship_id}/notice", said=_("Your notice is given for %(day)s.", day=words)
    )


@post(PATH + "/back")
async def take_back(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        await notices.take_back(door.session, door.actor, relationship_id)
    except WrongState as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))
    return door.go(f"/me/pair/{relationship_id}", said=_("Your notice is taken back, and you go on."))


async def _page(door: Door, relationship_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.refuse_support()
    relationship, mine = await queries.own_relationship(door.session, door.actor, relationship_id)
    if relationship.state != RelationshipState.RUNNING:
        return door.go(f"/me/pair/{relationship_id}")
    people = await queries.people(door.session, relationship)
    await introduce(door, await programmes.own_programme(door.session, relationship.programme_id))
    today = clock.today(door.organisation.time_zone)
    month, breach = (notice_rules.ends_on(one, today) for one in (Ground.MONTH, Ground.BREACH))
    return door.page(
        "agreement/notice.html",
        status=status,
        form=form,
        one=relationship,
        who=together.others(people, mine),
        leaves=_leaves(relationship, people, mine),
        notice=await notices.given_by(door.session, relationship_id, mine),
        grounds=[
            (
                Ground.MONTH.value,
                _("With one month’s notice: on %(day)s", day=day_words(month, today, relative=False)),
                # Of a group or circle the others go on, and whoever leaves it is asked once she has left.
                _("You need not say why. In the last week we ask each of you to look back.")
                if relationship.party_id is None
                else "",
            ),
            (
                Ground.BREACH.value,
                _("With one day’s notice: on %(day)s", day=day_words(breach, today, relative=False)),
                _("If our agreement was not kept."),
            ),
            (
                Ground.CONFIDENCE.value,
                _("At once"),
                _("If somebody told others what you had said in confidence."),
            ),
        ],
        most=notice_rules.MAX_REASON,
        today=today,
    )


def _leaves(relationship: Relationship, people: Sequence[Belonging], mine: UUID) -> str:
    """What she calls the group or circle that goes on without her; nothing where all of it would end."""
    role = next(one.role for one in people if one.participation_id == mine)
    if relationship.party_id is None or not rules.goes_on_without(role, len(people)):
        return ""
    return together.called(one.role for one in people)


ROUTES = [notice, give, take_back]
