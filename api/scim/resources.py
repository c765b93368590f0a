"""What a directory can tell us and read again. Whatever else it sends is let go: we keep no more than we use."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Meta,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from tenants.provisioning import queries
from tenants.provisioning.rules import ToldGroup, ToldUser

MAX_RESULTS = 200
_TOLD = ("name", "displayName", "emails")
_UNSAID = "activeUnsaid"  # the directory has taken back what it said of `active`


class Name(ComplexAttribute):
    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class Email(ComplexAttribute):
    value: EmailStr | None = None
    type: str | None = None
    primary: bool | None = None


class User(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[GroupMember] | None = None


CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="API token",
            description="An API token of the organisation that may do scim.manage",
            primary=True,
        )
    ],
)
# As Entra speaks: attributes that we do not keep, `remove` with a value, and `emails[type eq "work"].value` of nobody.
ENTRA = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


def provider() -> ScimProvider:
    kinds = [ResourceType.from_resource(User), ResourceType.from_resource(Group)]
    return ScimProvider([User, Group], kinds, config=CONFIG, policy=ENTRA)


def of_user(row: queries.User) -> User:
    told = {name: row.told[name] for name in _TOLD if name in row.told}
    return User.model_validate(
        {
            **told,
            "schemas": [User.__schema__],
            "id": str(row.id),
            "externalId": row.external_id,
            "userName": row.user_name,
            "active": None if row.told.get(_UNSAID) else row.is_active,
            "meta": _meta("User", row),
        }
    )


def of_group(row: queries.Group) -> Group:
    members = [{"value": str(one), "$ref": f"Users/{one}", "type": "User"} for one in row.members]
    return Group.model_validate(
        {
            "schemas": [Group.__schema__],
            "id": str(row.id),
            "externalId": row.external_id,
            "displayName": row.name,
            "members": members or None,
            "meta": _meta("Group", row),
        }
    )


def told_user(user: User) -> ToldUser:
    """Who is told of without a word of whether she is active stays what she is."""
    whole = user.model_dump(mode="json", by_alias=True, exclude_none=True)
    told = {name: whole[name] for name in _TOLD if whole.get(name)}
    if user.active is None:
        told[_UNSAID] = True
    return ToldUser(
        user_name=user.user_name or "",
        external_id=user.external_id,
        is_active=user.active,
        told=told,
    )


def told_group(group: Group) -> ToldGroup:
    members = frozenset(_named(one) for one in group.members or ())
    return ToldGroup(name=group.display_name or "", external_id=group.external_id, members=members)


def version(text: str | None) -> int | None:
    """The number in one of our ETags."""
    return int(text.removeprefix('W/"').removesuffix('"')) if text else None


def _named(member: GroupMember) -> str:
    if member.value:
        return member.value
    return str(member.ref or "").rstrip("/").rpartition("/")[2]


def _meta(kind: str, row: queries.User | queries.Group) -> Meta:
    return Meta(
        resource_type=kind,
        created=row.created_at,
        last_modified=row.changed_at,
        version=f'W/"{row.version}"',
    )


def identifier(text: str | None) -> UUID | None:
    """None for what cannot be one of our ids, and so is nobody's."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
