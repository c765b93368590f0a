"""What a programme asks in its own words: all its questions, one added, worded anew, moved."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, field

from api.door import ApiDoor
from api.programmes import QuestionView
from tenants.programmes import question_rules as rules
from tenants.programmes import questions
from tenants.programmes.models import AskedOf
from tenants.programmes.question_rules import Option, Shape, Words
from tenants.registration import answered

Label = Annotated[str, Meta(max_length=rules.MAX_LABEL)]
Hint = Annotated[str, Meta(max_length=rules.MAX_HINT)]
OptionLabel = Annotated[str, Meta(max_length=rules.MAX_OPTION)]


class OptionChange(Struct, forbid_unknown_fields=True):
    """An answer to choose from, by language. Without `value` it is a new one."""

    label: dict[str, OptionLabel]
    value: Annotated[str, Meta(max_length=40)] = ""
    is_retired: bool = False


class QuestionWords(Struct, forbid_unknown_fields=True, kw_only=True):
    """
    By language; only the programme's first one must be there, and where another lacks a text, that of the first is shown.

    An answer that stands and is not named is offered no more; whoever has chosen it keeps it.
    """

    label: dict[str, Label]
    hint: dict[str, Hint] = field(default_factory=dict)
    options: Annotated[list[OptionChange], Meta(max_length=rules.MOST_KEPT)] = field(default_factory=list)
    asked_of: AskedOf = AskedOf.EVERYBODY
    is_obligatory: bool = False

    def words(self) -> Words:
        options = [Option(one.label, one.value, one.is_retired) for one in self.options]
        return Words(self.label, self.hint, options)


class NewQuestion(QuestionWords, kw_only=True):
    """
    `yes_no` and `scale` are a choice of answers that you name as well.

    `fills` lets the answers count for a match: `sector`, `region`, `entity` or `grade` for a text, `experience_years`
    for a number. Without it people read them, and nothing else.
    """

    shape: Shape
    fills: str | None = None


class QuestionChanged(QuestionWords, kw_only=True):
    """All that the question is to say; `version` as it was read."""

    version: int


class Place(Struct, forbid_unknown_fields=True):
    """1 is the first; beyond the end is the last."""

    place: Annotated[int, Meta(ge=1, le=1_000)]


class AskedQuestion(QuestionView, kw_only=True):
    """`answers`: how many people have one; null where it fills a fact."""

    answers: int | None


@get(
    "/programmes/{programme_id:uuid}/questions",
    summary="All questions of a programme, also those that were left out",
)
async def listed(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[AskedQuestion]:
    every = await questions.every(door.session, door.actor, programme_id)
    counted = await answered.questions(door.session, door.actor, programme_id)
    return [
        AskedQuestion(
            **QuestionView.facts(one), answers=counted.get(one.key, 0) if one.field is None else None
        )
        for one in every
    ]


@post("/programmes/{programme_id:uuid}/questions/own", summary="Ask a question in the programme's own words")
async def add(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewQuestion]
) -> QuestionView:
    """It is the last of the form. Whoever has registered finds it among her answers, marked as new."""
    made = await questions.add(
        door.session,
        door.actor,
        programme_id,
        shape=data.shape,
        words=data.words(),
        asked_of=data.asked_of,
        is_obligatory=data.is_obligatory,
        fills=data.fills,
    )
    return QuestionView.of(made)


@put("/programmes/{programme_id:uuid}/questions/{key:str}", summary="Put a question in other words")
async def change(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    key: FromPath[str],
    data: JSONBody[QuestionChanged],
) -> QuestionView:
    """Answers that were given stay. Whoever was slower than somebody else is refused."""
    changed = await questions.change(
        door.session,
        door.actor,
        programme_id,
        key,
        words=data.words(),
        asked_of=data.asked_of,
        is_obligatory=data.is_obligatory,
        version=data.version,
    )
    return QuestionView.of(changed)


@post(
    "/programmes/{programme_id:uuid}/questions/{key:str}/place",
    status_code=200,
    summary="Ask a question at another place of the form",
)
async def place(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], key: FromPath[str], data: JSONBody[Place]
) -> QuestionView:
    return QuestionView.of(await questions.place(door.session, door.actor, programme_id, key, at=data.place))


ROUTES = [listed, add, change, place]
