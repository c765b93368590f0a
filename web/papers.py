"""A document as a file to keep or print."""

import asyncio

from litestar import Response

from infra.http.uploads import attachment
from infra.typesetting.columns import Sheet, pdf


async def paper(sheet: Sheet, name: str) -> Response[bytes]:
    """Set beside the loop, so that nobody waits for somebody else's paper."""
    made = await asyncio.to_thread(pdf, sheet)
    return Response(
        made, media_type="application/pdf", headers={"content-disposition": attachment(f"{name}.pdf")}
    )
