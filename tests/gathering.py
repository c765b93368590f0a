"""A workshop with its guests, as far as a test wants it."""

from datetime import timedelta

from sqlalchemy import select

from infra import clock
from tenants.gatherings import actions, answering, inviting
from tenants.gatherings.inviting import Whom
from tenants.gatherings.models import Guest, Workshop
from tenants.gatherings.rules import Asked
from tenants.notifications.models import Letter
from tests.working import drain


def asked(**changed):
    """A workshop in nine days at ten in Sarajevo, with two places."""
    day = clock.today("Europe/Sarajevo") + timedelta(days=9)
    facts = {
        "kind": "introduction", "audience": "mentees", "title": {"en": "Getting started", "fr": "Bien commencer"},
        "words": {"en": "We get to know each other."}, "wall": f"{day}T10:00", "zone": "Europe/Sarajevo",
        "minutes": 180, "place": "Obala 4", "places": 2,
    }  # fmt: skip
    return Asked(**(facts | changed))


class Workshops:
    """Plans on a stage (tests/pairing.py), as its coordinator."""

    def __init__(self, stage):
        self.stage = stage

    def session(self, actor=None):
        return self.stage.session(actor)

    async def planned(self, **changed) -> Workshop:
        by = self.stage.by
        async with self.session(by) as session:
            return await actions.plan(session, by, self.stage.launched.cycle.id, asked(**changed))

    async def invite(self, workshop, **whom):
        by = self.stage.by
        async with self.session(by) as session:
            return await inviting.invite(session, by, workshop.id, Whom(**whom))

    async def answer(self, who, workshop, *, comes=True):
        async with self.session(who.actor) as session:
            return (await answering.answer(session, who.actor, workshop.id, comes=comes)).state

    async def state(self, who, workshop) -> str | None:
        guest = await self.guest(who, workshop)
        return guest.state if guest else None

    async def guest(self, who, workshop) -> Guest | None:
        async with self.session() as session:
            query = select(Guest).where(Guest.workshop_id == workshop.id, Guest.participation_id == who.id)
            return (await session.execute(query)).scalar_one_or_none()

    async def letters(self, who, kind) -> list[str]:
        """The states of her letters of one kind."""
        async with self.session() as session:
            query = select(Letter.state).where(Letter.person_id == who.person_id, Letter.kind == kind)
            return list((await session.execute(query.order_by(Letter.created_at, Letter.id))).scalars())

    async def drain(self):
        await drain(self.stage.ground, self.stage.made.id)
