"""Setting a network up, step by step (K80)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.language import gettext
from tenants.programmes import set_up
from tenants.programmes.set_up import Written
from tenants.programmes.set_up_models import Step
from tenants.programmes.set_up_words import WORDS


class SetUpStepView(Struct):
    """`title`, `why` and `asks` in your language; `version` 0: nobody has written anything."""

    step: Step
    title: str
    why: str
    asks: list[str]
    text: str
    settled_at: datetime | None
    version: int

    @classmethod
    def of(cls, one: Written) -> "SetUpStepView":
        words = WORDS[one.step]
        asks = [gettext(question) for question in words.asks]
        return cls(
            one.step, gettext(words.title), gettext(words.why), asks, one.text, one.settled_at, one.version
        )


class WritingStep(Struct, forbid_unknown_fields=True):
    """`version` is the one that you have read; if it no longer stands, nothing is written."""

    text: Annotated[str, Meta(max_length=set_up.MOST)]
    version: Annotated[int, Meta(ge=0)]
    settled: bool = False


@get("/programmes/{programme_id:uuid}/set-up", summary="What is thought through before a network opens")
async def steps(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[SetUpStepView]:
    """Ten steps, and four of how it is run."""
    return [SetUpStepView.of(one) for one in await set_up.steps(door.session, door.actor, programme_id)]


@put("/programmes/{programme_id:uuid}/set-up/{step:str}", summary="Write down a step, or settle it")
async def write_step(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    step: FromPath[Step],
    data: JSONBody[WritingStep],
) -> SetUpStepView:
    """409 if somebody else has written meanwhile."""
    return SetUpStepView.of(
        await set_up.write(
            door.session,
            door.actor,
            programme_id,
            step,
            text=data.text,
            is_settled=data.settled,
            version=data.version,
        )
    )


ROUTES = [steps, write_step]
