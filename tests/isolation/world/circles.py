"""Circles of a second, older programme: one that is a draft, one that is asked, one that has begun."""

from infra.ground import Ground
from tenants.programmes.models import Structure
from tests import making, parties
from tests.isolation.world.shape import World
from tests.pairing import Stage

SIZE = 4


async def sit(ground: Ground, world: World) -> None:
    """`people` knows somebody of the asked circle and somebody of the one that has begun."""
    launched = await making.programme(
        ground.database, world.made, slug=f"{world.slug}-circles", structure=Structure.CIRCLE,
        dates=making.days(opens=-90, closes=-30), wants_interview=False,
    )  # fmt: skip
    stage = Stage(ground.database, ground, world.made, launched)
    circles = [
        [await stage.joins("peer", name=f"Pia {letter}{number}") for number in range(SIZE)]
        for letter in "ABC"
    ]
    await parties.drafted(stage, circles[0])
    asked, begun = await parties.sent(stage, *circles[1:])
    await parties.says(stage, asked, circles[1][1], yes=True)
    await parties.says(stage, asked, circles[1][2], yes=False, reason="No time now.")
    for one in circles[2]:
        await parties.says(stage, begun, one, yes=True)
    world.people["asked_peer"] = circles[1][0].actor
    world.people["circle_peer"] = circles[2][0].actor
