"""A participant's way to her pages: by signing in, or by the link of a letter."""

from tenants.actor import Actor
from tenants.proposals import answering
from tests import making, pairing


async def signed_in(stage, browse, whose: pairing.Somebody | Actor):
    actor = whose if isinstance(whose, Actor) else whose.actor
    return await making.signed_in(stage.database, browse, stage.made, actor)


async def link(stage, whose, proposal) -> str:
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, whose.id)
    return f"/answer/{stage.ground.links.token('answer', stage.made.id, hold)}"


def must_be_light(page) -> None:
    """No script, no font, one request, at most 14 kB."""
    assert "<script" not in page.html and "@font-face" not in page.html
    assert 'rel="stylesheet"' not in page.html and "<img" not in page.html
    assert len(page.html.encode()) <= 14_000  # and a third of it as it is sent
