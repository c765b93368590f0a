"""What a first visit fetches: the page, and whatever it leads a browser with an empty cache to, fonts too."""

import gzip
import re
from typing import NamedTuple

from tests.web.markup import Markup
from tests.worlds import Looked, Shown
from web import assets

STAFF_BYTES = 50 * 1024
STAFF_REQUESTS = 5
REFERRED = re.compile(r"url\([\"']?([^)\"']+)")


class Visit(NamedTuple):
    bytes: int
    requests: int


async def first_visit(looked: Looked, shown: Shown, language: str = "en") -> Visit:
    """As it comes over the line, packed, to a browser that carries nothing but the session."""
    reader = looked.readers[shown.reader]
    for cookie in list(reader.client.cookies.jar):
        if "sheet" in cookie.name:
            reader.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    response = await looked.get(shown, language, **{"accept-encoding": "gzip"})
    names = {address.removeprefix(assets.PREFIX) for address in Markup.of(response.text).loads}
    names |= _named(response.text)
    weight, fetched = response.num_bytes_downloaded, set[str]()
    while left := names - fetched:
        name = left.pop()
        fetched.add(name)
        found = assets.find(name, accepts_gzip=True)
        assert found, name
        weight += len(found.body)
        if name.endswith(".css"):
            names |= _named((gzip.decompress(found.body) if found.encoding else found.body).decode())
    return Visit(weight, 1 + len(fetched))


def _named(css: str) -> set[str]:
    """The files that a sheet, or a page with one in it, asks for."""
    found = (address.removeprefix(assets.PREFIX) for address in REFERRED.findall(css))
    return {name for name in found if not name.startswith(("data:", "#"))}
