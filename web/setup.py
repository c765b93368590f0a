"""What an organisation still has to do before it can work well, as far as it can be seen from its facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.language import gettext as _
from tenants.organisations.models import Office, Organisation
from tenants.people.queries import Member
from tenants.permissions import Role


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    href: str
    is_done: bool


def steps(
    own: Organisation, offices: Sequence[Office], members: Sequence[Member], *, has_programme: bool
) -> list[Step]:
    """In the order in which they are best done."""
    active = [{held.role for held in member.held} for member in members if member.is_active]
    owners = sum(Role.OWNER in roles for roles in active)
    has_coordinator = any(roles & {Role.COORDINATOR, Role.PROGRAMME_MANAGER} for roles in active)
    return [
        Step(
            _("Say whom people can ask"),
            _("The name and telephone number stand at the foot of each page."),
            "/a/organisation",
            bool(own.contact_name and own.contact_phone),
        ),
        Step(
            _("Name a second owner"),
            _("So that you are not locked out when one of you is away."),
            "#f-full_name",
            owners > 1,
        ),
        Step(
            _("Name a coordinator"),
            _("Somebody has to care for registrations and pairs."),
            "#f-full_name",
            has_coordinator,
        ),
        Step(
            _("Start a programme"),
            _("It says who can take part, what we ask, and what counts for a match."),
            "/a/programmes/new",
            has_programme,
        ),
        Step(
            _("Open your offices"),
            _("Only if you work in several places: a coordinator can then care for one of them."),
            "/a/organisation",
            bool(offices),
        ),
    ]
