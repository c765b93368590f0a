"""A hold takes one place, from the sending of a proposal to the end of what came of it."""

from sqlalchemy import func, select

from tenants.pools.places import takes_places
from tenants.proposals.models import Hold

takes_places(select(Hold.participation_id, func.count().label("taken")).group_by(Hold.participation_id))
