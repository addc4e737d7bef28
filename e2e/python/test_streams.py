"""IMs, rooms, their members, and how they are found: every method of the kit's stream service."""

import uuid

import pytest
import pytest_asyncio
from symphony.bdk.gen.agent_model.share_article import ShareArticle
from symphony.bdk.gen.agent_model.share_content import ShareContent
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.room_tag import RoomTag
from symphony.bdk.gen.pod_model.stream_filter import StreamFilter
from symphony.bdk.gen.pod_model.stream_type import StreamType
from symphony.bdk.gen.pod_model.user_id import UserId
from symphony.bdk.gen.pod_model.v1_im_attributes import V1IMAttributes
from symphony.bdk.gen.pod_model.v2_admin_stream_filter import V2AdminStreamFilter
from symphony.bdk.gen.pod_model.v2_admin_stream_type import V2AdminStreamType
from symphony.bdk.gen.pod_model.v2_room_search_criteria import V2RoomSearchCriteria
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes

ARTICLE = "com.symphony.sharing.article"


def items(answer):
    """A list, which the older kit wraps."""
    return getattr(answer, "value", answer) or []


def unique(name: str) -> str:
    """A name that no other test gives a room."""
    return f"{name} {uuid.uuid4().hex[:12]}"


async def refused(call) -> int:
    with pytest.raises(ApiException) as refusal:
        await call
    return refusal.value.status


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def admin(pod, connect):
    return await connect(pod.config("acme-admin"))


@pytest_asyncio.fixture
async def alice(bot):
    """The streams of a person, by an application that acts for her."""
    return bot.obo_services(bot.obo(username="alice")).streams()


@pytest_asyncio.fixture
async def ids(bot):
    """The ids of people and of the bot by their names."""
    found = items((await bot.users().list_users_by_usernames(["alice", "bob", "carol"])).users)
    by_name = {u.username: u.id for u in found}
    by_name["acme-bot"] = (await bot.sessions().get_session()).id
    return by_name


@pytest.fixture
def room_of(bot):
    """Makes a room of the bot: `room = await room_of("name", public=True)`."""

    async def room_of(name: str, **attributes) -> str:
        made = await bot.streams().create_room(V3RoomAttributes(name=name, **attributes))
        return made.room_system_info.id

    return room_of


async def test_same_people_talk_in_the_same_im(bot, admin, alice, ids):
    mine = await bot.streams().create_im(ids["alice"])
    hers = await alice.create_im(ids["acme-bot"])
    theirs = await admin.streams().create_im_admin([ids["alice"], ids["acme-bot"]])

    assert mine.id == hers.id == theirs.id
    several = await admin.streams().create_im_admin([ids["alice"], ids["bob"], ids["acme-bot"]])
    assert several.id != mine.id
    assert (await bot.streams().get_stream(several.id)).stream_type.type == "MIM"


async def test_im_is_read_by_those_in_it(bot, admin, pod, connect, ids):
    im = (await bot.streams().create_im(ids["alice"])).id

    info = await bot.streams().get_im_info(im)
    stream = await bot.streams().get_stream(im)

    assert info.im_system_info.id == im and info.im_system_info.active is True
    assert stream.stream_type.type == "IM" and stream.cross_pod is False
    assert set(items(stream.stream_attributes.members)) == {ids["alice"], ids["acme-bot"]}
    people = (await admin.streams().create_im_admin([ids["alice"], ids["bob"]])).id
    assert await refused(bot.streams().get_im_info(people)) == 403
    assert (await admin.streams().get_im_info(people)).im_system_info.id == people
    stranger = await connect(pod.config("globex-bot"))
    assert await refused(stranger.streams().get_im_info(im)) == 400


async def test_what_is_shared_can_be_pinned(bot, alice, ids):
    im = (await bot.streams().create_im(ids["alice"])).id
    article = ShareArticle(title="News", publisher="P", author="A", app_id="ticker", article_id="7")

    message = await bot.streams().share(im, ShareContent(type=ARTICLE, content=article))
    pinned = await bot.streams().update_im(im, V1IMAttributes(pinned_message_id=message.id))

    assert message.stream_id == im and message.from_user_id == ids["acme-bot"] and "News" in message.message
    assert pinned.v1_im_attributes.pinned_message_id == message.id
    assert (await bot.streams().get_im_info(im)).v1_im_attributes.pinned_message_id == message.id
    unpinned = await bot.streams().update_im(im, V1IMAttributes(pinned_message_id=""))
    assert not getattr(unpinned.v1_im_attributes, "pinned_message_id", None)
    room = (await alice.create_room(V3RoomAttributes(name=unique("hers")))).room_system_info.id
    assert await refused(bot.streams().share(room, ShareContent(type=ARTICLE, content=article))) == 403


async def test_room_is_what_its_owner_says(bot, ids, room_of):
    name = unique("room")
    tags = [RoomTag(key="region", value="EMEA")]
    made = await bot.streams().create_room(V3RoomAttributes(name=name, description="ours", keywords=tags))
    room = made.room_system_info.id

    info = await bot.streams().get_room_info(room)

    assert info.room_attributes.name == name and info.room_attributes.description == "ours"
    assert [(t.key, t.value) for t in info.room_attributes.keywords] == [("region", "EMEA")]
    assert info.room_attributes.public is False and info.room_attributes.discoverable is False
    assert info.room_system_info.created_by_user_id == ids["acme-bot"] and info.room_system_info.active is True
    renamed = await bot.streams().update_room(room, V3RoomAttributes(name=name + "!"))
    assert renamed.room_attributes.name == name + "!" and renamed.room_attributes.description == "ours"
    assert len(renamed.room_attributes.keywords) == 1
    assert await refused(bot.streams().update_room(room, V3RoomAttributes(public=True))) == 400
    assert await refused(room_of(name.upper() + "!")) == 400


async def test_room_of_others_is_closed(bot, admin, alice, ids, room_of):
    room = await room_of(unique("closed"))

    assert await refused(alice.get_room_info(room)) == 403
    assert await refused(alice.get_stream(room)) == 403
    assert await refused(alice.update_room(room, V3RoomAttributes(description="mine"))) == 403
    assert await refused(alice.add_member_to_room(ids["alice"], room)) == 403
    assert await refused(alice.add_member_to_room(ids["bob"], room)) == 403
    assert await refused(alice.remove_member_from_room(ids["acme-bot"], room)) == 403
    assert await refused(alice.promote_user_to_room_owner(ids["alice"], room)) == 403
    assert await refused(alice.demote_owner_to_room_participant(ids["acme-bot"], room)) == 403
    assert (await admin.streams().get_room_info(room)).room_system_info.id == room


async def test_members_come_and_go(bot, admin, alice, ids, room_of):
    streams = bot.streams()
    room = await room_of(unique("members"))

    await streams.add_member_to_room(ids["alice"], room)
    members = items(await streams.list_room_members(room))

    assert {(m.id, m.owner) for m in members} == {(ids["acme-bot"], True), (ids["alice"], False)}
    assert all(m.join_date > 0 for m in members)
    assert (await alice.get_room_info(room)).room_system_info.id == room
    assert await refused(streams.add_member_to_room(ids["alice"], room)) == 400
    assert await refused(streams.remove_member_from_room(ids["acme-bot"], room)) == 400
    await streams.promote_user_to_room_owner(ids["alice"], room)
    await streams.demote_owner_to_room_participant(ids["alice"], room)
    assert await refused(alice.demote_owner_to_room_participant(ids["acme-bot"], room)) == 403
    await streams.promote_user_to_room_owner(ids["alice"], room)
    await alice.demote_owner_to_room_participant(ids["acme-bot"], room)
    assert await refused(streams.promote_user_to_room_owner(ids["acme-bot"], room)) == 403
    assert await refused(alice.demote_owner_to_room_participant(ids["alice"], room)) == 400
    await streams.remove_member_from_room(ids["acme-bot"], room)
    assert await refused(streams.list_room_members(room)) == 403
    assert [m.id for m in items(await admin.streams().list_room_members(room))] == [ids["alice"]]


async def test_public_room_is_open_to_the_company(bot, alice, pod, connect, ids, room_of):
    room = await room_of(unique("open"), public=True)

    await alice.add_member_to_room(ids["alice"], room)

    assert ids["alice"] in [m.id for m in items(await bot.streams().list_room_members(room))]
    await alice.remove_member_from_room(ids["alice"], room)
    stranger = await connect(pod.config("globex-bot"))
    assert await refused(stranger.streams().get_room_info(room)) == 400


async def test_deactivated_room_refuses(bot, admin, alice, ids, room_of):
    room = await room_of(unique("closing"))

    closed = await bot.streams().set_room_active(room, False)

    assert closed.room_system_info.active is False
    assert await refused(bot.streams().add_member_to_room(ids["alice"], room)) == 400
    assert await refused(bot.streams().remove_member_from_room(ids["acme-bot"], room)) == 400
    assert await refused(bot.streams().update_room(room, V3RoomAttributes(name=unique("other")))) == 400
    article = ShareArticle(title="News", publisher="P", author="A", app_id="ticker", article_id="7")
    assert await refused(bot.streams().share(room, ShareContent(type=ARTICLE, content=article))) == 400
    assert await refused(bot.streams().set_room_active_admin(room, True)) == 403
    opened = await admin.streams().set_room_active_admin(room, True)
    assert opened.room_system_info.active is True
    await bot.streams().add_member_to_room(ids["alice"], room)
    assert (await alice.get_stream(room)).active is True


async def test_own_streams_to_the_last_page(bot, admin, ids, room_of):
    made = [await room_of(unique(f"listed {i}")) for i in range(5)]
    await bot.streams().set_room_active(made[4], False)
    rooms = StreamFilter(stream_types=[StreamType(type="ROOM")])

    listed = [s.id async for s in await bot.streams().list_all_streams(rooms, chunk_size=2)]
    page = items(await bot.streams().list_streams(rooms, skip=len(listed) - 2, limit=50))
    with_closed = StreamFilter(stream_types=[StreamType(type="ROOM")], include_inactive_streams=True)
    by_admin = [s.id async for s in await admin.streams().list_all_user_streams_admin(ids["acme-bot"], with_closed, chunk_size=3)]

    assert listed[-4:] == made[:4], "in the order in which they were made, without the closed one"
    assert len(set(listed)) == len(listed)
    assert [s.id for s in page] == made[2:4]
    assert by_admin[-5:] == made
    assert items(await admin.streams().list_user_streams_admin(ids["acme-bot"], rooms, skip=len(listed))) == []
    assert await refused(bot.streams().list_user_streams_admin(ids["alice"])) == 403


async def test_nothing_to_list_is_nothing(admin):
    rooms = StreamFilter(stream_types=[StreamType(type="MIM")])

    assert items(await admin.streams().list_streams(rooms)) == []
    assert [s async for s in await admin.streams().list_all_streams(rooms)] == []


async def test_rooms_are_found_to_the_last_page(bot, admin, alice, ids, room_of):
    word = uuid.uuid4().hex[:12]
    made = [await room_of(f"{word} {i}", discoverable=True) for i in range(5)]
    secret = await room_of(f"secret {word}")
    found = V2RoomSearchCriteria(query=word.upper(), sort_order="BASIC")  # not by relevance, the default

    hers = [r.room_system_info.id async for r in await alice.search_all_rooms(found, chunk_size=2)]
    mine = await bot.streams().search_rooms(found, skip=0, limit=2)
    everything = [r.room_system_info.id async for r in await admin.streams().search_all_rooms(found, 2, None, True)]

    assert hers == made[::-1], "the newest first, and not what is not to be found"
    assert mine.count == 6 and mine.skip == 0 and mine.limit == 2
    assert [r.room_system_info.id for r in mine.rooms] == [secret, made[4]]
    assert set(everything) == {secret, *made}
    owned = V2RoomSearchCriteria(query=word[2:7], owner=UserId(id=ids["acme-bot"]), sort_order="RELEVANCE")
    assert (await alice.search_rooms(owned)).count == 5
    assert (await alice.search_rooms(V2RoomSearchCriteria(query=word, member=UserId(id=ids["bob"])))).count == 0
    assert await refused(alice.search_rooms(found, limit=101)) == 400


async def test_keywords_are_counted(bot, alice, room_of):
    value = uuid.uuid4().hex[:12]
    room = await room_of(unique("tagged"), discoverable=True, keywords=[RoomTag(key="industry", value=value)])

    found = await alice.search_rooms(V2RoomSearchCriteria(query=value, labels=["industry", "region"]))

    assert [r.room_system_info.id for r in found.rooms] == [room]
    assert [(f.facet, f.count) for f in found.faceted_match_count] == [("industry", 1), ("region", 0)]
    assert found.query.query == value


async def test_administrator_sees_the_company(bot, admin, ids, room_of):
    made = [await room_of(unique(f"seen {i}")) for i in range(3)]
    await bot.streams().set_room_active(made[2], False)
    rooms = V2AdminStreamFilter(stream_types=[V2AdminStreamType(type="ROOM")])

    everything = [s async for s in await admin.streams().list_all_streams_admin(rooms, chunk_size=4)]
    first = await admin.streams().list_streams_admin(rooms, skip=0, limit=1)

    assert [s.id for s in everything][-3:] == made
    assert first.count == len(everything) and items(first.streams)[0].id == everything[0].id
    last = everything[-1]
    assert last.type == "ROOM" and last.is_active is False and last.is_public is False and last.cross_pod is False
    assert last.attributes.created_by_user_id == ids["acme-bot"] and last.attributes.members_count == 1
    assert last.attributes.origin_company == "Acme"
    closed = V2AdminStreamFilter(status="INACTIVE", privacy="PRIVATE", scope="INTERNAL", origin="INTERNAL")
    assert made[2] in [s.id async for s in await admin.streams().list_all_streams_admin(closed)]
    assert await refused(bot.streams().list_streams_admin(rooms)) == 403


async def test_members_to_the_last_page(bot, admin, ids, room_of):
    room = await room_of(unique("paged"))
    for name in ["alice", "bob", "carol"]:
        await bot.streams().add_member_to_room(ids[name], room)

    members = [m async for m in await admin.streams().list_all_stream_members(room, chunk_size=2)]
    page = await admin.streams().list_stream_members(room, skip=3, limit=2)

    assert [m.user.user_id for m in members] == [ids["acme-bot"], ids["alice"], ids["bob"], ids["carol"]]
    assert (members[0].is_owner, members[0].is_creator, members[1].is_owner) == (True, True, False)
    assert members[1].user.email == "alice@acme.example" and members[1].user.is_external is False
    assert page.count == 4 and len(items(page.members)) == 1
    assert await refused(bot.streams().list_stream_members(room)) == 403


async def test_nobody_else_opens_ims_of_others(bot, ids):
    assert await refused(bot.streams().create_im_admin([ids["alice"], ids["bob"]])) == 403
    assert await refused(bot.streams().create_im(ids["acme-bot"])) == 400
    assert await refused(bot.streams().create_im(123)) == 400


async def test_what_became_of_a_message(bot, admin, alice, ids):
    im = (await bot.streams().create_im(ids["alice"])).id
    article = ShareArticle(title="News", publisher="P", author="A", app_id="ticker", article_id="7")
    message = (await bot.streams().share(im, ShareContent(type=ARTICLE, content=article))).id

    status = await bot.messages().get_message_status(message)
    receipts = await admin.messages().list_message_receipts(message)
    relations = await admin.messages().get_message_relationships(message)

    # Numbers are texts here, and numbers there.
    assert status.author.user_id == str(ids["acme-bot"]) and status.read == []
    assert [u.user_id for u in status.sent] == [str(ids["alice"])]
    assert receipts.creator.id == ids["acme-bot"] and receipts.read_receipt_count == 0
    assert [d.user.id for d in receipts.message_receipt_detail] == [ids["alice"]]
    assert relations.replies == [] and relations.forwards == []
    assert items(await bot.messages().list_attachments(im)) == []
    assert await refused(bot.messages().list_message_receipts(message)) == 403
    assert await refused(bot.messages().get_message_status(message[:-6] + "AAAAbQ")) == 404
