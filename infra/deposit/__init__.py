"""
Places outside the database where a text is laid down once and never written over: a folder, or a bucket.

What is kept there vouches for what the database says, so a text under the same name that says something else is
never replaced and always told of.
"""

from typing import Protocol

from infra.deposit.places import Bucket, parse


class Deposit(Protocol):
    async def lay_down(self, name: str, text: str) -> None:
        """
        Keep `text` under `name` (parts with `/` between them), whole or not at all.

        Raises:
            DepositDiffers: another text is there under this name.
            Unavailable, OSError: it could not be written; try again.
        """

    async def texts(self, under: str) -> list[str]:
        """All texts whose name begins with `under`, in the order of their names."""


def at(written: str) -> Deposit:
    """
    The deposit at a path or an address such as s3://bucket/beginning?region=...

    Raises:
        PlaceMisnamed: it is neither.
    """
    place = parse(written)
    # Each of the two loads what only it needs.
    if isinstance(place, Bucket):
        from infra.deposit.bucket import BucketDeposit

        return BucketDeposit(place)
    from infra.deposit.folder import FolderDeposit

    return FolderDeposit(place)
