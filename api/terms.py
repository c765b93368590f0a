"""By which days and limits a programme goes."""

from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.permissions import Permission
from tenants.programmes import queries, terms
from tenants.programmes.models import ContactRelease
from tenants.programmes.terms import Terms


class TermsView(Struct, forbid_unknown_fields=True, kw_only=True):
    """
    `answer_days` are working days; after them she is asked once more. `check_up_days` count from the match.

    `caseload_limit` are matches that one coordinator confirms in twelve months. They hold from now on.
    """

    contact_release: ContactRelease
    answer_days: int
    check_up_days: list[int]
    term_months: int
    caseload_limit: int
    confirm_days: int

    @classmethod
    def of(cls, now: Terms) -> "TermsView":
        return cls(
            contact_release=now.contact_release,
            answer_days=now.answer_days,
            check_up_days=list(now.check_up_days),
            term_months=now.term_months,
            caseload_limit=now.caseload_limit,
            confirm_days=now.confirm_days,
        )


@get("/programmes/{programme_id:uuid}/terms", summary="Times and limits of a programme")
async def show(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> TermsView:
    door.actor.require(Permission.PROGRAMME_READ)
    return TermsView.of(terms.of(await queries.access_programme(door.session, door.actor, programme_id)))


@put("/programmes/{programme_id:uuid}/terms", summary="Go by other times and limits")
async def change(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[TermsView]
) -> TermsView:
    wanted = Terms(
        data.contact_release,
        data.answer_days,
        tuple(data.check_up_days),
        data.term_months,
        data.caseload_limit,
        data.confirm_days,
    )
    return TermsView.of(await terms.change(door.session, door.actor, programme_id, wanted))


ROUTES = [show, change]
