"""Deeds about agreements in the product."""

from uuid import UUID

from sqlalchemy import select

from tenants.relationships.agreements import actions, queries, templates
from tenants.relationships.agreements.models import Agreement, Signature
from tenants.relationships.agreements.queries import Shown
from tenants.relationships.agreements.rules import Content
from tests.histories.arranging import Arranging
from tests.histories.script import Step


class Agreeing(Arranging):
    async def _change_text(self, pair: str, step: Step) -> None:
        owner, programme = self.stage.made.owner, self.programmes[pair]
        async with self.stage.session(owner) as session:
            before = await templates.current(session, programme, "toolbox", "en")
            points = {one["code"]: "\n".join(one["points"]) for one in before.body["sections"]}
            wanted = points | {"title": f"Our promise after {before.digest[:8]}", "intro": ""}
            await templates.write(session, owner, programme, "toolbox", "en", wanted, seen=before.digest)

    async def _see(self, pair: str, who: str) -> Shown:
        case = (await self._case(pair)).id
        async with self.stage.session(self.people[who].actor) as session:
            return await queries.own(session, self.people[who].actor, case, "en")

    async def _open_agreement(self, pair: str, step: Step) -> None:
        self.opened[pair, step.who] = await self._see(pair, step.who)

    async def _before_her(self, pair: str, who: str) -> Shown:
        """What she opened before, or opens now."""
        now = await self._see(pair, who)
        return self.opened.pop((pair, who), now)

    async def _fill(self, pair: str, step: Step) -> None:
        seen = await self._before_her(pair, step.who)
        purposes = ("job", "confidence") if step["is_said"] else ()
        content = Content(("email",), str(step["often"]), "A job by summer", purposes)
        case, her = (await self._case(pair)).id, self.people[step.who].actor
        await self.act(actions.fill, case, content, by=her, seen=seen.revision)

    async def _sign(self, pair: str, step: Step) -> None:
        seen = await self._before_her(pair, step.who)
        case, her = (await self._case(pair)).id, self.people[step.who].actor
        await self.act(actions.sign, case, by=her, language="en", digest=seen.digest)

    async def _amend(self, pair: str, step: Step) -> None:
        await self.act(actions.amend, (await self._case(pair)).id, by=self.people[step.who].actor)

    async def _drop(self, pair: str, step: Step) -> None:
        await self.act(actions.drop, (await self._case(pair)).id, by=self.people[step.who].actor)

    async def _keep(self, pair: str, step: Step) -> None:
        await self.act(actions.review, (await self._case(pair)).id, by=self.people[step.who].actor)

    async def agreements_stand(self, pairs: dict[UUID, str]) -> dict[str, object]:
        """`pairs`: the name of each case by its id."""
        signed: dict[UUID, list[str]] = {}
        async with self.stage.session() as session:
            query = select(Signature.agreement_id, Signature.participation_id)
            for row in await session.execute(query.where(Signature.voided_at.is_(None))):
                signed.setdefault(row.agreement_id, []).append(self.names[row.participation_id])
            found = (await session.execute(select(Agreement))).scalars().all()
        return {
            f"{pairs[one.relationship_id].replace('pair', 'agreement')} {one.number}": (
                str(one.state), (one.frequency, bool(one.purposes)), sorted(signed.get(one.id, [])), one.review_on,
            )
            for one in found
        }  # fmt: skip
