"""Agreement, plan and notice of a case for its coordinator (K37, K26, K53): what they agreed on, and what has changed."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.language import gettext as _
from infra.language import isolated, listed
from tenants.relationships import notices
from tenants.relationships.agreements import memos, plans, printing, queries
from tenants.relationships.agreements.models import AgreementState
from tenants.relationships.agreements.notice_models import Ground, NoticeState
from tenants.relationships.agreements.rules import NoAgreement
from tenants.relationships.agreements.words import GROUNDS, NOTICE_STATES, STATES
from web import agreeing
from web.door import Door, Page
from web.papers import paper
from web.refusals import said

PATH = "/c/pairs/{relationship_id:uuid}/agreement"


@get(PATH)
async def agreement(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        shown = await queries.of_case(
            door.session, door.actor, relationship_id, door.language, agreeing.version(door.request)
        )
    except NoAgreement as error:
        return door.go(f"/c/pairs/{relationship_id}", said=said(error))
    signed = {one.participation_id: one for one in shown.signed}
    whole = {one.participation_id: shown.is_whole(one) for one in shown.signed}
    changes = await plans.versions(door.session, relationship_id)
    told = (changes[0].content or {}) if changes else {}
    is_hers = door.actor.person_id in {one.person_id for one in shown.people}
    read = await memos.read_by(door.session, [one.participation_id for one in shown.people])
    return door.page(
        "pairs/agreement.html",
        shown=shown,
        one=shown.relationship,
        body=shown.text.body,
        chosen=agreeing.chosen(shown),
        expected=[each for each in agreeing.expected(shown) if each.text],
        who=listed([isolated(each.full_name) for each in shown.people]),
        people=[
            (
                each,
                signed.get(each.participation_id),
                whole.get(each.participation_id),
                read.get(each.participation_id),
            )
            for each in shown.people
        ],
        versions=agreeing.versions(shown),
        state=_(STATES[AgreementState(shown.state)]),
        plan=agreeing.dated(told),
        counts=agreeing.counts(told),
        history=[(agreeing.story(each), each.by, each.at) for each in changes],
        # Why one of two gives notice is not for the other, though she coordinates here.
        notices=[] if is_hers else _notices(await notices.all_of(door.session, relationship_id)),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@get(PATH + ".pdf")
async def pdf(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Response[bytes]:
    shown = await queries.of_case(
        door.session, door.actor, relationship_id, door.language, agreeing.version(door.request)
    )
    return await paper(await printing.document(door.session, shown, door.language), _("agreement"))


def _notices(rows: Any) -> list[tuple[Any, str, str, str]]:
    return [
        (
            row.Notice,
            row.full_name,
            _(GROUNDS[Ground(row.Notice.ground)]),
            _(NOTICE_STATES[NoticeState(row.Notice.state)]),
        )
        for row in rows
    ]


ROUTES = [agreement, pdf]
