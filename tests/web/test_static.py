"""Built files reach the browser as they were built, packed once."""

from collections.abc import Callable

from infra.ground import Ground
from tests import making
from tests.browsing import Browser
from web import assets


async def test_sheet_is_packed_once_and_kept_for_ever(
    browse: Callable[[str], Browser], ground: Ground
) -> None:
    made = await making.organisation(ground.database)
    name = assets.url("site.css").removeprefix(assets.PREFIX)
    expected = assets.find(name, accepts_gzip=False)
    assert expected is not None

    got = await browse(made.host).client.get(assets.url("site.css"))

    assert got.content == expected.body
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["content-type"] == "text/css; charset=utf-8"
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_unknown_file_is_not_there(browse: Callable[[str], Browser], ground: Ground) -> None:
    made = await making.organisation(ground.database)

    assert (await browse(made.host).get("/static/..%2f..%2fpyproject.toml")).status == 404
