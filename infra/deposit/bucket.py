"""
A bucket of S3, or of what speaks like it (MinIO, Ceph, R2), over signed requests.

Give its keys the rights to put, get and list and no other, and let the bucket refuse to delete (object lock).
"""

import asyncio
import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus, urlencode

from infra import aws
from infra.deposit.places import Bucket, DepositDiffers

if TYPE_CHECKING:
    import httpx2

AT_ONCE = 8
EXISTS = 412  # what a conditional put answers where something is there
# Names come percent-encoded, as the request asks for, so nothing in them can look like markup.
_KEY = re.compile(r"<Key>([^<]*)</Key>")
_MORE = re.compile(r"<NextContinuationToken>([^<]*)</NextContinuationToken>")


class BucketDeposit:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def lay_down(self, name: str, text: str) -> None:
        content = text.encode()
        digest = hashlib.md5(content, usedforsecurity=False).digest()  # a bucket with object lock wants one
        headers = {
            "if-none-match": "*",
            "content-type": "text/plain; charset=utf-8",
            "content-md5": base64.b64encode(digest).decode(),
        }
        key = self._bucket.beginning + name
        async with aws.client() as http:
            response = await self._send(
                http,
                "PUT",
                self._address(key),
                headers=headers,
                content=content,
                may_answer=frozenset({EXISTS}),
            )
            if response.status_code == EXISTS and await self._text(http, key) != text:
                raise DepositDiffers(name=name)

    async def texts(self, under: str) -> list[str]:
        several = asyncio.Semaphore(AT_ONCE)
        async with aws.client() as http:

            async def one(key: str) -> str:
                async with several:
                    return await self._text(http, key)

            keys = await self._keys(http, self._bucket.beginning + under)
            return list(await asyncio.gather(*map(one, keys)))

    async def _keys(self, http: "httpx2.AsyncClient", beginning: str) -> list[str]:
        """Sorted as S3 sorts them: by their bytes."""
        keys: list[str] = []
        asked = {"encoding-type": "url", "list-type": "2", "prefix": beginning}
        while True:
            query = urlencode(sorted(asked.items()), quote_via=quote)
            page = (await self._send(http, "GET", f"{self._bucket.url}/?{query}")).text
            keys += [unquote_plus(key) for key in _KEY.findall(page)]
            more = _MORE.search(page)
            if more is None:
                return keys
            asked["continuation-token"] = html.unescape(more[1])

    async def _text(self, http: "httpx2.AsyncClient", key: str) -> str:
        return (await self._send(http, "GET", self._address(key))).content.decode()

    def _address(self, key: str) -> str:
        return f"{self._bucket.url}/{quote(key)}"

    async def _send(
        self,
        http: "httpx2.AsyncClient",
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
        may_answer: frozenset[int] = frozenset(),
    ) -> "httpx2.Response":
        return await aws.send(
            http,
            "s3",
            self._bucket.region,
            method,
            url,
            headers=headers,
            content=content,
            may_answer=may_answer,
        )
