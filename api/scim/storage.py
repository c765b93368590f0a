"""How the SCIM library reads and writes: through the domain, in the transaction of the call, as the token's actor."""

from typing import Any, Union
from uuid import UUID

from scim2_models import (
    InvalidFilterException,
    NotFoundException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    TooManyException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import AsyncScimStorage, SearchPage

from api.door import ApiDoor
from api.scim import resources
from api.scim.resources import Group, User
from tenants.provisioning import actions, groups, queries, rules

# Entries that a filter which no index serves is held against, one by one.
MAX_LOOKED_AT = 1_000
MAX_FILTER = 1_000  # characters
# What an index finds: the attribute, the column, and how the value is compared.
_INDEXED = {
    ("User", "userName"): "user_name_key",
    ("User", "externalId"): "external_id",
    ("User", "id"): "id",
    ("Group", "displayName"): "name_key",
    ("Group", "externalId"): "external_id",
    ("Group", "id"): "id",
}


class Storage(AsyncScimStorage):
    """One call's view of its organisation's directory."""

    def __init__(self, door: ApiDoor) -> None:
        self._session, self._actor = door.session, door.actor

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        key = self._key(resource_type, resource_id)
        if resource_type.name == "User":
            return resources.of_user(await queries.user(self._session, self._actor, key))
        return resources.of_group(await queries.group(self._session, self._actor, key))

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, User):
            told = resources.told_user(resource.model_copy(update={"active": resource.active is not False}))
            made = await actions.enter(self._session, self._actor, told)
        else:
            made = await groups.enter(self._session, self._actor, resources.told_group(_group(resource)))
        return await self.get(resource_type, str(made))

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        key, version = self._key(resource_type, resource.id), resources.version(expected_version)
        if isinstance(resource, User):
            told = resources.told_user(resource)
            await actions.change(self._session, self._actor, key, told, version=version)
        else:
            told_group = resources.told_group(_group(resource))
            await groups.change(self._session, self._actor, key, told_group, version=version)
        return await self.get(resource_type, str(key))

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        key, version = self._key(resource_type, resource_id), resources.version(expected_version)
        remove = actions.remove if resource_type.name == "User" else groups.remove
        await remove(self._session, self._actor, key, version=version)

    async def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        start, count = search_request.start_index_0 or 0, search_request.count
        limit = resources.MAX_RESULTS if count is None else count
        wanted = _asked(resource_types, search_request.filter)
        if wanted is None:
            return await self._looked_through(resource_types, search_request.filter, start, limit)
        if not wanted.is_possible:
            return SearchPage(0, [])
        if len(resource_types) > 1:
            return await self._looked_through(resource_types, None, start, limit)
        name = str(resource_types[0].name)
        total = await self._count(name, **wanted.columns)
        found = await self._some(name, offset=start, limit=limit, **wanted.columns) if limit else []
        return SearchPage(total, found)

    async def _looked_through(
        self, kinds: list[ResourceType], scim_filter: ScimFilter[Any] | None, start: int, limit: int
    ) -> SearchPage:
        """
        Whatever a filter says, entry by entry, as far as that is bearable.

        Raises:
            TooManyException: there are more entries than we look through.
        """
        names = list(dict.fromkeys(str(one.name) for one in kinds))
        if sum([await self._count(name) for name in names]) > MAX_LOOKED_AT:
            raise TooManyException(detail="Too many entries for this filter: ask by userName or externalId")
        found = [one for name in names for one in await self._some(name, offset=0, limit=MAX_LOOKED_AT)]
        if scim_filter is not None and found:
            if not scim_filter.models:
                models = tuple(dict.fromkeys(type(one) for one in found))
                of_these: Any = Union[models]  # noqa: UP007  known at run time only
                scim_filter = ScimFilter[of_these](str(scim_filter))
            found = [one for one in found if scim_filter.match(one)]
        return SearchPage(len(found), found[start : start + limit])

    async def _count(self, name: str, **wanted: str | UUID) -> int:
        count = queries.count_users if name == "User" else queries.count_groups
        return await count(self._session, self._actor, **wanted)

    async def _some(self, name: str, *, offset: int, limit: int, **wanted: str | UUID) -> list[Resource[Any]]:
        told: dict[str, Any] = {"offset": offset, "limit": limit, **wanted}
        if name == "User":
            rows = await queries.users(self._session, self._actor, **told)
            return [resources.of_user(row) for row in rows]
        found = await queries.groups(self._session, self._actor, **told)
        return [resources.of_group(row) for row in found]

    def _key(self, resource_type: ResourceType, resource_id: str | None) -> UUID:
        found = resources.identifier(resource_id)
        if found is None:
            raise NotFoundException(detail=f"No such {resource_type.name}")
        return found


class _Wanted:
    """What an index can be asked. `is_possible` is false where the value is one that nobody has."""

    def __init__(self, columns: dict[str, str | UUID], *, is_possible: bool = True) -> None:
        self.columns = columns
        self.is_possible = is_possible


def _asked(kinds: list[ResourceType], scim_filter: ScimFilter[Any] | None) -> _Wanted | None:
    """None for a filter that no index serves."""
    if scim_filter is None:
        return _Wanted({})
    if len(str(scim_filter)) > MAX_FILTER:
        raise InvalidFilterException(detail=f"A filter has at most {MAX_FILTER} characters")
    node = scim_filter.ast
    if len(kinds) != 1 or scim_filter.model is None or not isinstance(node, Comparison):
        return None
    binding = scim_filter.resolve_comparison(node.attr_path, strict=False)
    attribute = binding.urn.rpartition(":")[2] if binding else ""
    column = _INDEXED.get((str(kinds[0].name), attribute))
    if binding is None or column is None or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return None
    value = node.value if binding.case_exact else rules.key(node.value)
    if column != "id":
        return _Wanted({column: value}, is_possible="\0" not in value)
    key = resources.identifier(value)
    return _Wanted({"id": key} if key else {}, is_possible=key is not None)


def _group(resource: Resource[Any]) -> Group:
    assert isinstance(resource, Group)
    return resource
