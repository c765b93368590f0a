"""Deeds about workshops in the product."""

from typing import Any

from sqlalchemy import select

from tenants.gatherings import actions, answering, attending, inviting, opinions
from tenants.gatherings.models import Guest
from tenants.gatherings.opinions import Said
from tenants.gatherings.rules import USUALLY_INVITED, Asked
from tenants.registration.models import Status
from tests.histories.acting import Nothing
from tests.histories.gathering import Gathering
from tests.histories.script import Step


class Inviting(Gathering):
    def _asked(self, **facts: Any) -> Asked:
        plain = {
            "kind": "theme", "title": {"en": "Networks"}, "words": {"en": "We talk about them."}, "minutes": 120,
            "zone": self.zone, "place": "The library",
        }  # fmt: skip
        return Asked(**(plain | facts))

    def _hour(self, step: Step) -> str:
        return f"{self.on(step)}T{int(str(step['hour'])):02}:00"

    async def _plan(self, name: str, step: Step) -> None:
        places = int(str(step["places"])) or None
        asked = self._asked(audience=str(step["audience"]), places=places, wall=self._hour(step))
        self.workshops[name] = (await self.act(actions.plan, self.cycles[name], asked)).id
        self.names[self.workshops[name]] = name

    def _workshop(self, name: str) -> Any:
        if name not in self.workshops:
            raise Nothing
        return self.workshops[name]

    async def _invite(self, name: str, step: Step) -> None:
        statuses = [*USUALLY_INVITED, *([Status.NETWORK_PARTICIPANT] if step["network"] else [])]
        sent = await self.act(
            inviting.invite, self._workshop(name), inviting.Whom([str(one) for one in statuses])
        )
        self.batches[name] = sent.batch_id

    async def _undo_invitations(self, name: str, step: Step) -> None:
        if name not in self.batches:
            raise Nothing
        await self.act(inviting.take_back, self.batches[name])

    async def _as_it_stands(self, name: str) -> dict[str, Any]:
        async with self.stage.session() as session:
            query = select(actions.Workshop).where(actions.Workshop.id == self._workshop(name))
            found = (await session.execute(query)).scalar_one()
        return {"audience": found.audience, "places": found.places, "wall": found.wall_time}

    async def _move_workshop(self, name: str, step: Step) -> None:
        stands = await self._as_it_stands(name) | {"wall": self._hour(step)}
        await self.act(actions.change, self._workshop(name), self._asked(**stands))

    async def _change_places(self, name: str, step: Step) -> None:
        stands = await self._as_it_stands(name) | {"places": int(str(step["places"]))}
        await self.act(actions.change, self._workshop(name), self._asked(**stands))

    async def _cancel_workshop(self, name: str, step: Step) -> None:
        await self.act(actions.cancel, self._workshop(name))

    async def _guests(self, name: str) -> dict[str, Any]:
        async with self.stage.session() as session:
            query = select(Guest).where(Guest.workshop_id == self._workshop(name))
            return {
                self.names[one.participation_id]: one.id for one in (await session.execute(query)).scalars()
            }

    async def _come(self, name: str, step: Step) -> None:
        workshop, comes = self._workshop(name), bool(step["yes"])
        if step.who:
            await self.act(answering.answer, workshop, by=self.people[step.who].actor, comes=comes)
        else:
            guest = (await self._guests(name)).get(str(step["of"]), workshop)  # else an id that is no guest's
            await self.act(answering.note, workshop, guest, comes=comes)

    async def _attend(self, name: str, step: Step) -> None:
        guests = await self._guests(name)
        came = {guests[one] for one in str(step["came"]).split(",") if one in guests}
        await self.act(attending.attend, self._workshop(name), came=came, of=set(guests.values()))

    async def _opinion(self, name: str, step: Step) -> None:
        await self.act(opinions.say, self._workshop(name), Said(4), by=self.people[step.who].actor)
