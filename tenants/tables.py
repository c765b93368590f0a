"""Every table of the house, for migrations, the schema linter and tests."""

from infra.db.base import metadata
from infra.keys import models as keys
from infra.outbox import models as outbox
from tenants.audit import models as audit
from tenants.evaluations import models as evaluations
from tenants.evaluations import outcome_models as outcomes
from tenants.gatherings import models as gatherings
from tenants.identity import domain_models as domains
from tenants.identity import models as identity
from tenants.identity import proof_models as proofs
from tenants.identity import provider_models as providers
from tenants.identity import support_models as support
from tenants.interviews import models as interviews
from tenants.networks import models as networks
from tenants.newsletters import models as newsletters
from tenants.notifications import models as notifications
from tenants.notifications import template_models as templates
from tenants.opportunities import models as opportunities
from tenants.organisations import models as organisations
from tenants.people import models as people
from tenants.pools import models as pools
from tenants.privacy import models as privacy
from tenants.programmes import guide_models as guides
from tenants.programmes import models as programmes
from tenants.programmes import set_up_models as set_up
from tenants.proposals import models as proposals
from tenants.proposals import party_models as parties
from tenants.proposals import search_models as searches
from tenants.provisioning import models as provisioning
from tenants.registration import appointment_models as appointments
from tenants.registration import earlier_models as earlier
from tenants.registration import models as registration
from tenants.relationships import feed_models as feeds
from tenants.relationships import follow_up_models as follow_ups
from tenants.relationships import models as relationships
from tenants.relationships.afterwards import models as afterwards
from tenants.relationships.agreements import models as agreements
from tenants.relationships.agreements import notice_models as notices
from tenants.relationships.agreements import plan_models as plans
from tenants.relationships.conflicts import models as conflicts
from tenants.relationships.contacts import models as contacts
from tenants.relationships.keeping import models as keeping
from tenants.reports.deeds import models as deeds

ROOMS = (
    afterwards,
    agreements,
    appointments,
    audit,
    conflicts,
    contacts,
    deeds,
    domains,
    earlier,
    evaluations,
    feeds,
    follow_ups,
    gatherings,
    guides,
    identity,
    interviews,
    keeping,
    keys,
    networks,
    newsletters,
    notices,
    notifications,
    opportunities,
    organisations,
    outbox,
    outcomes,
    parties,
    people,
    plans,
    pools,
    privacy,
    programmes,
    proofs,
    proposals,
    providers,
    provisioning,
    registration,
    relationships,
    searches,
    set_up,
    support,
    templates,
)

__all__ = ["ROOMS", "metadata"]
