"""Users of two companies connect, and see it each from the own side."""

import pytest
import pytest_asyncio
from symphony.bdk.core.service.connection.model.connection_status import ConnectionStatus
from symphony.bdk.gen.exceptions import ApiException


@pytest_asyncio.fixture
async def acme(connect, pod):
    return await Side.of(connect, pod.config("acme-bot"))


@pytest_asyncio.fixture
async def globex(connect, pod):
    return await Side.of(connect, pod.config("globex-bot"))


@pytest_asyncio.fixture(autouse=True)
async def apart(acme, globex):
    """Each test begins, and leaves, with nothing between the two."""
    await acme.part_from(globex)
    yield
    await acme.part_from(globex)


class Side:
    """One of the two bots, with the kit's service for connections."""

    def __init__(self, bdk, user_id):
        self.bdk, self.id = bdk, user_id
        self.connections = bdk.connections()

    @classmethod
    async def of(cls, connect, config):
        bdk = await connect(config)
        return cls(bdk, (await bdk.sessions().get_session()).id)

    async def sees(self, other) -> str | None:
        """The status of the connection with another, or None where there is none."""
        try:
            return (await self.connections.get_connection(other.id)).status
        except ApiException as refusal:
            assert refusal.status == 404
            return None

    async def part_from(self, other):
        """Leaves nothing between the two: a request is withdrawn, what was refused waits again before that."""
        for asker, asked in ((self, other), (other, self)):
            try:
                await asked.connections.reject_connection(asker.id)
            except ApiException as refusal:
                assert refusal.status in (400, 404)
        for one, two in ((self, other), (other, self), (self, other)):
            if await self.sees(other) is None:
                return
            try:
                await one.connections.remove_connection(two.id)
            except ApiException as refusal:
                assert refusal.status == 400
        assert await self.sees(other) is None


def listed(connections) -> dict:
    return {c.user_id: c.status for c in getattr(connections, "value", connections)}


async def test_request_is_seen_from_both_sides(acme, globex):
    sent = await acme.connections.create_connection(globex.id)

    assert (sent.user_id, sent.status, sent.request_counter) == (globex.id, "PENDING_OUTGOING", 1)
    assert sent.first_requested_at == sent.updated_at > 1_600_000_000_000
    received = await globex.connections.get_connection(acme.id)
    assert (received.user_id, received.status) == (acme.id, "PENDING_INCOMING")
    assert received.first_requested_at == sent.first_requested_at
    incoming = await globex.connections.list_connections(ConnectionStatus.PENDING_INCOMING)
    assert listed(incoming)[acme.id] == "PENDING_INCOMING"
    outgoing = await acme.connections.list_connections(ConnectionStatus.PENDING_OUTGOING)
    assert listed(outgoing)[globex.id] == "PENDING_OUTGOING"


async def test_request_is_accepted(acme, globex):
    await acme.connections.create_connection(globex.id)

    accepted = await globex.connections.accept_connection(acme.id)

    assert (accepted.user_id, accepted.status) == (acme.id, "ACCEPTED")
    assert await acme.sees(globex) == await globex.sees(acme) == "ACCEPTED"
    assert listed(await acme.connections.list_connections(ConnectionStatus.ACCEPTED))[globex.id] == "ACCEPTED"


async def test_request_is_refused_and_repeated(acme, globex):
    await acme.connections.create_connection(globex.id)

    refused = await globex.connections.reject_connection(acme.id)

    assert (refused.user_id, refused.status) == (acme.id, "REJECTED")
    assert listed(await acme.connections.list_connections(ConnectionStatus.REJECTED))[globex.id] == "REJECTED"
    again = await acme.connections.create_connection(globex.id)
    assert (again.status, again.request_counter) == ("PENDING_OUTGOING", 2)
    assert again.first_requested_at == refused.first_requested_at


async def test_connection_is_removed(acme, globex):
    await acme.connections.create_connection(globex.id)
    await globex.connections.accept_connection(acme.id)

    await globex.connections.remove_connection(acme.id)

    assert await acme.sees(globex) is None
    assert listed(await acme.connections.list_connections()).get(globex.id) is None


async def test_only_who_was_asked_answers(acme, globex):
    await acme.connections.create_connection(globex.id)

    for answer in (acme.connections.accept_connection, acme.connections.reject_connection):
        with pytest.raises(ApiException) as refusal:
            await answer(globex.id)
        assert refusal.value.status == 400
    assert await acme.sees(globex) == "PENDING_OUTGOING"


async def test_colleagues_are_connected_without_asking(acme, connect, pod):
    admin = await Side.of(connect, pod.config("acme-admin"))

    colleague = await acme.connections.get_connection(admin.id)

    assert (colleague.user_id, colleague.status) == (admin.id, "ACCEPTED")
    assert not hasattr(colleague, "first_requested_at") or colleague.first_requested_at is None
    named = await acme.connections.list_connections(ConnectionStatus.ACCEPTED, [admin.id, acme.id])
    assert listed(named) == {admin.id: "ACCEPTED"}
    assert admin.id not in listed(await acme.connections.list_connections(ConnectionStatus.ALL))


async def test_application_answers_for_its_user(acme, globex, who_is, pod):
    session = acme.bdk.obo(username="alice")
    alice, alice_id = acme.bdk.obo_services(session).connections(), (await who_is(pod.config("acme-bot"), session)).id
    await globex.connections.create_connection(alice_id)
    assert listed(await alice.list_connections(ConnectionStatus.PENDING_INCOMING))[globex.id] == "PENDING_INCOMING"

    assert (await alice.reject_connection(globex.id)).status == "REJECTED"
    assert (await globex.connections.get_connection(alice_id)).status == "REJECTED"
    assert (await globex.connections.create_connection(alice_id)).request_counter == 2

    assert (await alice.accept_connection(globex.id)).status == "ACCEPTED"
    assert (await globex.connections.get_connection(alice_id)).status == "ACCEPTED"
    await alice.remove_connection(globex.id)
    assert alice_id not in listed(await globex.connections.list_connections(ConnectionStatus.ALL))


async def test_application_connects_its_user(acme, globex):
    alice = acme.bdk.obo_services(acme.bdk.obo(username="alice")).connections()

    sent = await alice.create_connection(globex.id)

    assert (sent.user_id, sent.status) == (globex.id, "PENDING_OUTGOING")
    assert (await alice.get_connection(globex.id)).status == "PENDING_OUTGOING"
    asker = next(iter(listed(await globex.connections.list_connections(ConnectionStatus.PENDING_INCOMING))))
    await globex.connections.accept_connection(asker)
    assert listed(await alice.list_connections(ConnectionStatus.ACCEPTED, [globex.id])) == {globex.id: "ACCEPTED"}
    await alice.remove_connection(globex.id)
    assert globex.id not in listed(await alice.list_connections())
