"""Domains and visits of support by the API."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from infra import clock, ids
from tenants.identity import tokens
from tenants.identity.domain_models import Domain
from tenants.identity.support_models import SupportWindow
from tests.name_server import NameServer


@pytest.fixture
async def call(database, made, browse):
    """Calls with a token of the owner's."""
    async with database.tenant_session(made.owner.context()) as session:
        token = await tokens.make(
            session, made.owner, name="t", permissions=["sign_in.manage", "support.let_in"]
        )
    client = browse(made.host).client

    async def ask(method: str, path: str, **body: object):
        head = {"authorization": f"Bearer {token.secret}"}
        return await client.request(method, f"/api/v1{path}", json=body or None, headers=head)

    return ask


async def test_a_domain_is_named_proved_and_forgotten(call, database, made, names: NameServer):
    names.reset()
    made_one = await call("POST", "/domains", name="Example.org")
    assert made_one.status_code == 201
    row = made_one.json()
    assert (row["place"], row["is_proved"]) == ("_mentorweave.example.org", False)
    assert (await call("POST", "/domains", name="example.org")).json()["code"] == "domain_named"
    assert (await call("POST", "/domains", name="no domain")).status_code == 422

    names.texts[row["place"]] = [row["record"]]
    checked = (await call("POST", f"/domains/{row['id']}/check")).json()
    assert (checked["is_proved"], checked["look"]) == (True, "found")
    assert [one["name"] for one in (await call("GET", "/domains")).json()] == ["example.org"]
    assert (await call("DELETE", f"/domains/{row['id']}")).status_code == 204
    async with database.tenant_session(made.house.context()) as session:
        assert list(await session.scalars(select(Domain))) == []


async def test_a_visit_is_shut_and_never_opened(call, database, made):
    window = SupportWindow(
        organisation_id=made.id, id=ids.random(), person_id=made.coordinator.person_id, let_in_by=None,
        operator="Jo Ops", reason="Look.", expires_at=clock.now() + timedelta(minutes=30),
    )  # fmt: skip
    async with database.tenant_session(made.house.context()) as session:
        session.add(window)
    [shown] = (await call("GET", "/support-visits")).json()
    assert (shown["operator"], shown["state"]) == ("Jo Ops", "open")
    assert (await call("POST", "/support-visits", email="a@example.org")).status_code == 405
    assert (await call("POST", f"/support-visits/{window.id}/end")).status_code == 204
    [shown] = (await call("GET", "/support-visits")).json()
    assert shown["state"] == "over"
