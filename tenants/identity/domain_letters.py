"""What owners are told when the proof of a domain is in doubt, and when it ends."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.identity import domain_rules as rules
from tenants.identity.domain_models import Domain
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter

PAGE = "/a/sign-in/domains"


@letter(rules.MISSED_LETTER, title=N_("The proof of a domain is in doubt"), is_for_staff=True)
async def missed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing when the record is back, or the domain gone."""
    domain = await _domain(session, promised)
    if domain is None or domain.missing_since is None or domain.proved_at is None:
        return None
    return Text(
        subject=_("The record of %(domain)s is missing", domain=domain.name),
        heading=_("A record is missing"),
        paragraphs=[
            _(
                "The record that proves that %(domain)s is yours is not there any more. Perhaps somebody has moved the domain.",
                domain=domain.name,
            ),
            ngettext(
                "If it is not back within one day, nobody can join by an address of this domain.",
                "If it is not back within %(num)s days, nobody can join by an address of this domain.",
                rules.LAPSES_AFTER.days,
            ),
        ],
        facts=_record(domain),
        button=(_("Look at the record"), desk.url(PAGE)),
        after=[_("Whoever is here already signs in as before.")],
    )


@letter(rules.LAPSED_LETTER, title=N_("The proof of a domain has ended"), is_for_staff=True)
async def lapsed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    domain = await _domain(session, promised)
    if domain is None or domain.proved_at is not None:
        return None
    return Text(
        subject=_("Nobody joins by %(domain)s any more", domain=domain.name),
        heading=_("Nobody joins by this domain any more"),
        paragraphs=[
            _(
                "The record that proves that %(domain)s is yours has been missing for too long.",
                domain=domain.name,
            ),
            _("Enter it again and check it, and people can join by themselves as before."),
        ],
        facts=_record(domain),
        button=(_("Look at the record"), desk.url(PAGE)),
        after=[_("Whoever is here already signs in as before.")],
    )


def _record(domain: Domain) -> list[tuple[str, str]]:
    return [(_("Name of the record"), rules.place(domain.name)), (_("Its text"), domain.record)]


async def _domain(session: AsyncSession, promised: Letter) -> Domain | None:
    query = select(Domain).where(Domain.id == UUID(promised.about["domain_id"]))
    return (await session.scalars(query)).one_or_none()
