"""What an application does with rooms for its user is her doing: she is the owner and the member, and sees what she sees."""

import uuid

import pytest
import pytest_asyncio
from accounts import plain
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.stream_filter import StreamFilter
from symphony.bdk.gen.pod_model.stream_type import StreamType
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest.fixture
def acting(bot, opened):
    """The streams of a person, by an application that acts for the person: `alice = await acting("alice")`."""

    async def acting(username):
        services = await opened.enter_async_context(bot.obo_services(bot.obo(username=username)))
        return services.streams()

    return acting


@pytest_asyncio.fixture
async def ids(bot):
    found = plain((await bot.users().list_users_by_usernames(["alice", "bob"])).users)
    return {u.username: u.id for u in found}


@pytest_asyncio.fixture
async def owners(pod, connect):
    """Who is in a room, and whether as an owner, as an administrator sees it."""
    streams = (await connect(pod.config("acme-admin"))).streams()

    async def owners(room):
        return {m.id: m.owner for m in plain(await streams.list_room_members(room))}

    return owners


async def a_room(streams, name, **attributes) -> str:
    made = await streams.create_room(V3RoomAttributes(name=f"{name} {uuid.uuid4().hex[:12]}", **attributes))
    return made.room_system_info.id


async def test_she_owns_the_room_and_chooses_who_is_in_it(acting, ids, owners):
    alice, bob = await acting("alice"), await acting("bob")
    room = await a_room(alice, "hers")

    await alice.add_member_to_room(ids["bob"], room)
    assert await owners(room) == {ids["alice"]: True, ids["bob"]: False}
    await alice.promote_user_to_room_owner(ids["bob"], room)
    assert await owners(room) == {ids["alice"]: True, ids["bob"]: True}
    await bob.remove_member_from_room(ids["alice"], room)
    assert await owners(room) == {ids["bob"]: True}
    with pytest.raises(ApiException) as refusal:
        await alice.get_room_info(room)
    assert refusal.value.status == 403


async def test_she_changes_what_is_hers(acting, ids):
    alice, bob = await acting("alice"), await acting("bob")
    room = await a_room(alice, "hers", description="hers")
    await alice.add_member_to_room(ids["bob"], room)

    changed = await alice.update_room(room, V3RoomAttributes(description="hers alone"))

    assert changed.room_attributes.description == "hers alone"
    with pytest.raises(ApiException) as refusal:
        await bob.update_room(room, V3RoomAttributes(description="his"))
    assert refusal.value.status == 403
    assert (await bob.get_room_info(room)).room_attributes.description == "hers alone"


async def test_she_lists_her_own_to_the_last_page(acting, ids):
    alice, bob = await acting("alice"), await acting("bob")
    shared = await a_room(alice, "shared")
    await alice.add_member_to_room(ids["bob"], shared)
    last, his = await a_room(alice, "hers"), await a_room(bob, "his")
    rooms = StreamFilter(stream_types=[StreamType(type="ROOM")])

    hers = [s.id async for s in await alice.list_all_streams(rooms, chunk_size=2)]

    assert hers[-2:] == [shared, last] and his not in hers
    assert len(set(hers)) == len(hers)
    assert [s.id for s in plain(await alice.list_streams(rooms, skip=len(hers) - 1, limit=50))] == [last]
