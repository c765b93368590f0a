"""Evaluations: one's own to answer, those of a coordinator's cases to read, and how a programme asks."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from infra.language import gettext
from tenants.evaluations import actions, ends, queries
from tenants.evaluations.forms import Kind, Question
from tenants.evaluations.models import EvaluationState, Wording
from tenants.evaluations.rules import Asking
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.models import ParticipantRole


class Option(Struct):
    code: str
    words: str


class AskedQuestion(Struct):
    """`other` names the field for free words behind the option "other"."""

    code: str
    words: str
    kind: Kind
    options: list[Option]
    other: str | None

    @classmethod
    def of(cls, one: Question) -> "AskedQuestion":
        options = [Option(code, gettext(words)) for code, words in one.options]
        return cls(one.code, gettext(one.words), one.kind, options, one.other or None)


class EvaluationView(Struct):
    """`answers` holds for each question a code, a list of codes, or text; nothing until she has sent them."""

    id: UUID
    relationship_id: UUID
    programme_id: UUID
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: ParticipantRole
    state: EvaluationState
    asked_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    recorded_by: UUID | None
    answers: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> "EvaluationView":
        one = row.Evaluation
        return cls(
            one.id, one.relationship_id, one.programme_id, one.participation_id, row.person_id, row.full_name,
            ParticipantRole(one.role), EvaluationState(one.state), one.created_at, one.reminded_at,
            one.answered_at, one.recorded_by, queries.sent(one),
        )  # fmt: skip


class OwnEvaluation(Struct):
    """
    With its form, and the names of those whom it is about.

    `agreed_until` is the last day of the agreed time where that is why she is asked, and null where they were parted.
    """

    id: UUID
    relationship_id: UUID
    state: EvaluationState
    together_with: list[str]
    agreed_until: date | None
    asked_at: datetime
    answered_at: datetime | None
    questions: list[AskedQuestion]
    answers: dict[str, Any]


class Answers(Struct, forbid_unknown_fields=True):
    answers: dict[str, str | list[str]]


class AskingView(Struct, forbid_unknown_fields=True):
    """How a programme asks; the days count from the asking, and from the reminder."""

    is_on: bool = True
    wording: Wording = Wording.PLAIN
    benefit_many: bool = False
    remind_days: int = 14
    call_days: int = 7

    @classmethod
    def of(cls, one: Asking) -> "AskingView":
        return cls(one.is_on, Wording(one.wording), one.benefit_many, one.remind_days, one.call_days)


@get("/me/evaluations", summary="Your own evaluations, those that wait for you first")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnEvaluation]:
    return [await _own(door, row) for row in await queries.own(door.session, door.actor)]


@get("/me/evaluations/{evaluation_id:uuid}", summary="One evaluation of yours, with its form")
async def own_one(door: NamedDependency[ApiDoor], evaluation_id: FromPath[UUID]) -> OwnEvaluation:
    return await _own(door, await queries.own_shown(door.session, door.actor, evaluation_id))


@put("/me/evaluations/{evaluation_id:uuid}/answers", summary="Answer, or mend your answers within two weeks")
async def answer(
    door: NamedDependency[ApiDoor], evaluation_id: FromPath[UUID], data: JSONBody[Answers]
) -> OwnEvaluation:
    await actions.answer(door.session, door.actor, evaluation_id, data.answers)
    await door.session.flush()
    return await _own(door, await queries.own_shown(door.session, door.actor, evaluation_id))


@get("/evaluations", summary="Evaluations of your cases, the newest first")
async def listed(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    in_state: Annotated[
        EvaluationState | None, QueryParameter(name="state", description="Only those in this state.")
    ] = None,
    programme_id: Annotated[UUID | None, QueryParameter(description="Only those of this programme.")] = None,
    role: Annotated[
        ParticipantRole | None, QueryParameter(description="Only of people in this role.")
    ] = None,
) -> list[EvaluationView]:
    rows = await queries.listed(
        door.session,
        door.actor,
        state=in_state,
        programme_id=programme_id,
        role=role,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.Evaluation.created_at, row.Evaluation.id))
    return [EvaluationView.of(row) for row in page]


@get("/evaluations/{evaluation_id:uuid}", summary="One evaluation of your cases")
async def one(door: NamedDependency[ApiDoor], evaluation_id: FromPath[UUID]) -> EvaluationView:
    return EvaluationView.of(await queries.shown(door.session, door.actor, evaluation_id))


@put(
    "/evaluations/{evaluation_id:uuid}/answers", summary="Note what you were told; some of it may be missing"
)
async def record(
    door: NamedDependency[ApiDoor], evaluation_id: FromPath[UUID], data: JSONBody[Answers]
) -> EvaluationView:
    await actions.record(door.session, door.actor, evaluation_id, data.answers)
    await door.session.flush()
    return EvaluationView.of(await queries.shown(door.session, door.actor, evaluation_id))


@post("/evaluations/{evaluation_id:uuid}/close", summary="Ask no more: no answer will come", status_code=200)
async def close(door: NamedDependency[ApiDoor], evaluation_id: FromPath[UUID]) -> EvaluationView:
    await actions.close(door.session, door.actor, evaluation_id)
    await door.session.flush()
    return EvaluationView.of(await queries.shown(door.session, door.actor, evaluation_id))


@get("/programmes/{programme_id:uuid}/evaluations", summary="How a programme asks for evaluations")
async def asking(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> AskingView:
    door.actor.require(Permission.PROGRAMME_READ)
    await programmes.access_programme(door.session, door.actor, programme_id)
    return AskingView.of(await queries.asking(door.session, programme_id))


@put("/programmes/{programme_id:uuid}/evaluations", summary="Set how a programme asks from now on")
async def set_asking(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[AskingView]
) -> AskingView:
    wanted = Asking(data.is_on, data.wording.value, data.benefit_many, data.remind_days, data.call_days)
    return AskingView.of(await actions.set_asking(door.session, door.actor, programme_id, wanted))


async def _own(door: ApiDoor, row: Any) -> OwnEvaluation:
    found = row.Evaluation
    return OwnEvaluation(
        found.id, found.relationship_id, EvaluationState(found.state), await queries.others(door.session, found),
        await ends.last_day_of(door.session, found), found.created_at, found.answered_at, [AskedQuestion.of(each) for each in actions.form(found)], actions.filling(found),
    )  # fmt: skip


ROUTES = [own, own_one, answer, listed, one, record, close, asking, set_asking]
