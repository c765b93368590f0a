"""Each pair, group and circle is one match of whoever has its case, from the day on which it began (K28)."""

from sqlalchemy import select

from tenants.proposals.caseloads import counts_matches
from tenants.relationships.models import Relationship

counts_matches(select(Relationship.coordinator_id, Relationship.begun_at))
