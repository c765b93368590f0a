"""
Secrets of sign-in providers beneath a new master key of the keyring.

They lie beneath the keyring and not in the house of keys, so that people can sign in while the key service is away.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.crypto import hierarchy
from infra.crypto.hierarchy import KeySet, WrappedKey
from tenants.identity import gateway
from tenants.identity.provider_models import IdentityProvider


async def rewrap(session: AsyncSession, keys: KeySet) -> int:
    """Wrap the keys of this organisation's secrets with the newest master key. Returns how many had another one."""
    rows = await session.scalars(
        select(IdentityProvider).where(IdentityProvider.wrapped_key.is_not(None)).with_for_update()
    )
    count = 0
    for row in rows:
        if row.key_id is None or row.wrapped_key is None or keys.is_current(row.wrapped_key):
            continue
        stored = WrappedKey(row.key_id, 1, row.wrapped_key)
        fresh = await hierarchy.rewrap_key(keys, stored, gateway.wrapping(row.organisation_id))
        row.wrapped_key = fresh.wrapped
        count += 1
    return count
