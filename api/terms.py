"""By which days and limits a programme goes, and whom it takes."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Struct, UnsetType

from api.door import ApiDoor
from tenants.people.models import Gender
from tenants.permissions import Permission
from tenants.programmes import queries, terms
from tenants.programmes.models import ContactRelease
from tenants.programmes.terms import Terms
from tenants.reports import standing


class Eligibility(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Who may register; what is left out asks nothing. `by_gender` holds the grades of one gender, in place of `grades`."""

    genders: list[Gender] = []
    grades: list[str] = []
    by_gender: dict[Gender, list[str]] = {}
    years_min: int | None = None
    years_max: int | None = None


class TermsView(Struct, kw_only=True):
    """
    `answer_days` are working days; after them she is asked once more. `check_up_days` count from the match,
    `date_days` and `meet_days` from the letter that tells how to reach each other.

    `caseload_limit` are matches that one coordinator confirms in twelve months; `places` those for people who learn,
    in each cycle. They hold from now on.
    """

    contact_release: ContactRelease
    answer_days: int
    date_days: int
    meet_days: int
    check_up_days: list[int]
    term_months: int
    caseload_limit: int
    confirm_days: int
    wants_interview: bool
    places: int | None
    eligibility: Eligibility
    version: str

    @classmethod
    def of(cls, now: Terms) -> "TermsView":
        facts = {name: getattr(now, name) for name in Terms.__dataclass_fields__}
        asked = msgspec.convert(now.eligibility, Eligibility)
        return cls(
            **facts | {"check_up_days": list(now.check_up_days), "eligibility": asked}, version=now.version
        )


class NewTerms(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays as it is. With `version` they are changed only if nobody else has done so meanwhile."""

    contact_release: ContactRelease | UnsetType = UNSET
    answer_days: int | UnsetType = UNSET
    date_days: int | UnsetType = UNSET
    meet_days: int | UnsetType = UNSET
    check_up_days: list[int] | UnsetType = UNSET
    term_months: int | UnsetType = UNSET
    caseload_limit: int | UnsetType = UNSET
    confirm_days: int | UnsetType = UNSET
    wants_interview: bool | UnsetType = UNSET
    places: int | UnsetType | None = UNSET
    eligibility: Eligibility | UnsetType = UNSET
    version: str | None = None

    def wanted(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in Terms.__dataclass_fields__}
        return {
            name: msgspec.to_builtins(value) if isinstance(value, Eligibility) else value
            for name, value in given.items()
            if value is not UNSET
        }


class StandingView(Struct):
    """
    What keeps the terms by which it began, whatever changes: proposals that are being asked (`waiting`), pairs and
    groups that run (`running`), registrations that wait for their confirmation (`unconfirmed`). `to_talk` have not been
    talked with yet, and `learning` take part as those who learn.
    """

    waiting: int
    running: int
    unconfirmed: int
    to_talk: int
    learning: int


@get("/programmes/{programme_id:uuid}/terms", summary="Times and limits of a programme")
async def show(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> TermsView:
    door.actor.require(Permission.PROGRAMME_READ)
    return TermsView.of(terms.of(await queries.access_programme(door.session, door.actor, programme_id)))


@get(
    "/programmes/{programme_id:uuid}/terms/standing",
    summary="How much runs by the terms of a programme, before they change",
)
async def stands(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> StandingView:
    found = await standing.of_programme(door.session, door.actor, programme_id)
    return StandingView(found.waiting, found.running, found.unconfirmed, found.to_talk, found.learning)


@put("/programmes/{programme_id:uuid}/terms", summary="Go by other times and limits")
async def change(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewTerms]
) -> TermsView:
    found = await terms.change(door.session, door.actor, programme_id, data.wanted(), version=data.version)
    return TermsView.of(found)


@post(
    "/programmes/{programme_id:uuid}/terms/undo",
    summary="Take your own last change of times and limits back, within ten minutes",
    status_code=200,
)
async def take_back(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> TermsView:
    return TermsView.of(await terms.take_back(door.session, door.actor, programme_id))


ROUTES = [show, stands, change, take_back]
