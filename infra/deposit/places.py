"""Where a deposit is, as an operator writes it: a path, or s3://bucket/beginning?region=...&endpoint=..."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from infra import errors

# What S3 allows as the name of a bucket; a name outside of it could lead to another address.
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,32}")
_KNOWN = {"region", "endpoint"}


class PlaceMisnamed(ValueError):
    """The address of a deposit cannot be read."""

    def __init__(self, written: str, why: str) -> None:
        super().__init__(f"{written} is no place for texts: {why}.")


class DepositDiffers(errors.Conflict):
    """Under this name something else was laid down before; it stays."""

    code = "deposit_differs"


@dataclass(frozen=True, slots=True)
class Bucket:
    """`beginning` stands before every name, with a slash at its end unless it is empty; `endpoint` is None for AWS itself."""

    name: str
    beginning: str
    region: str
    endpoint: str | None = None

    @property
    def url(self) -> str:
        """The address of the bucket, without a slash at its end."""
        if self.endpoint:
            return f"{self.endpoint}/{self.name}"
        # A certificate of *.s3... holds for one part only.
        if "." in self.name:
            return f"https://s3.{self.region}.amazonaws.com/{self.name}"
        return f"https://{self.name}.s3.{self.region}.amazonaws.com"


Place = Path | Bucket


def parse(written: str) -> Place:
    """
    Raises:
        PlaceMisnamed: neither a path nor the address of a bucket.
    """
    if "://" not in written:
        return Path(written)
    parts = urlsplit(written)
    if parts.scheme != "s3":
        raise PlaceMisnamed(written, "it must be a path or begin with s3://")
    if not _BUCKET.fullmatch(parts.netloc):
        raise PlaceMisnamed(written, "the name of the bucket has a character that S3 does not allow")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if asked.keys() - _KNOWN:
        raise PlaceMisnamed(written, "it may say region and endpoint, nothing else")
    region = asked.get("region", "us-east-1")
    if not _REGION.fullmatch(region):
        raise PlaceMisnamed(written, "the region has a character that no region has")
    beginning = parts.path.strip("/")
    return Bucket(parts.netloc, f"{beginning}/" if beginning else "", region, _endpoint(written, asked))


def _endpoint(written: str, asked: dict[str, str]) -> str | None:
    endpoint = asked.get("endpoint")
    if endpoint is None:
        return None
    parts = urlsplit(endpoint)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.username:
        raise PlaceMisnamed(written, "the endpoint must begin with https:// and name a host")
    return endpoint.rstrip("/")
