"""The daily look at the records that prove whose a domain is."""

from functools import partial

from infra import dns
from tenants.identity import domains
from tenants.identity.jobs import LookAtDomains
from workers.handling import Work, handles


@handles(LookAtDomains, alone=True)
async def look_at_domains(work: Work, _job: LookAtDomains) -> None:
    """Each is asked for outside a transaction: one that does not answer keeps us waiting."""
    look_up = partial(dns.texts, servers=work.ground.settings.sign_in.name_servers)
    async with work.reading() as session:
        found = await domains.to_look_at(session, work.actor)
    for domain_id, name, record in found:
        seen = await domains.look(name, record, look_up)
        async with work.session() as session:
            await domains.note_look(session, work.actor, domain_id, seen)
