"""Deeds about who accompanies whom in the product."""

from tenants.reports.deeds import handing_over
from tenants.reports.deeds.rules import Choice, Of
from tests.histories.inviting import Inviting
from tests.histories.script import Step


class Giving(Inviting):
    async def _hand_over(self, pair: str, step: Step) -> None:
        case = await self._case(pair)
        await self.act(
            handing_over.hand_over, to=[self.desks[str(step["to"])]], choice=Choice(Of.CASES, (case.id,))
        )

    async def _hand_over_all(self, pair: str, step: Step) -> None:
        [from_] = [id for name, id in self.desks.items() if name != step["to"]]
        await self.act(handing_over.hand_over, to=[self.desks[str(step["to"])]], from_id=from_)
