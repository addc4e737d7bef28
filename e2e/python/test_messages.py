"""A bot sends, updates, reads, searches and imports messages."""

import base64
import json
import os
import time
from urllib.parse import unquote

import pytest
import pytest_asyncio
from symphony.bdk.core.service.message.message_parser import get_text_content_from_message
from symphony.bdk.core.service.message.model import Message
from symphony.bdk.gen.agent_model.message_search_query import MessageSearchQuery
from symphony.bdk.gen.agent_model.v4_imported_message import V4ImportedMessage
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def ids(bot):
    found = await bot.users().list_users_by_usernames(["acme-bot", "alice", "bob"])
    return {user.username: user.id for user in found.users}


@pytest_asyncio.fixture
async def messages(bot):
    return bot.messages()


@pytest_asyncio.fixture
async def alice(bot):
    return bot.obo_services(bot.obo(username="alice"))


@pytest_asyncio.fixture
async def im(bot):
    [alice] = (await bot.users().list_users_by_usernames(["alice"])).users
    return (await bot.streams().create_im(alice.id)).id


@pytest_asyncio.fixture
async def room(bot):
    name = f"talk {time.time_ns()}"
    made = await bot.streams().create_room(V3RoomAttributes(name=name, description="A room to talk in"))
    return made.room_system_info.id


async def test_message_is_sent_and_read(bot, messages, im, ids):
    sent = await messages.send_message(im, "<messageML>Hello <b>world</b> &amp; all</messageML>", data={"x": {"type": "x", "version": "1"}})

    assert sent.user.user_id == ids["acme-bot"] and sent.stream.stream_id == im and sent.stream.stream_type == "IM"
    assert get_text_content_from_message(sent) == "Hello world & all"
    assert sent.message == '<div data-format="PresentationML" data-version="2.0">Hello <b>world</b> &amp; all</div>'
    assert (await messages.get_message(sent.message_id)).message == sent.message
    listed = await messages.list_messages(im, since=sent.timestamp)
    assert listed[0].message_id == sent.message_id


async def test_message_is_updated(messages, im):
    first = await messages.send_message(im, "one")
    second = await messages.update_message(im, first.message_id, Message(content="two", silent=False))

    assert second.replacing == second.initial_message_id == first.message_id and second.initial_timestamp == first.timestamp
    assert second.silent is False
    assert (await messages.get_message(first.message_id)).replaced_by == second.message_id


async def test_message_goes_to_several_streams(messages, im, room):
    answer = await messages.blast_message([im, room, "none"], "to all")

    assert [m.stream.stream_id for m in answer.messages] == [im, room]
    assert answer.errors["none"].code == 400 and answer.errors["none"].message == "Invalid stream id"


async def test_messages_are_found(messages, room):
    tag = f"deal{time.time_ns()}"
    sent = await messages.send_message(room, f'<messageML>The Quarterly report <hash tag="{tag}"/></messageML>')
    await messages.send_message(room, "The yearly report")

    by_tag = await messages.search_messages(MessageSearchQuery(hashtag=tag))
    by_text = await messages.search_messages(MessageSearchQuery(text="report quarterly", stream_id=room))
    all_reports = [m.message_id async for m in await messages.search_all_messages(MessageSearchQuery(text="report", stream_id=room), chunk_size=1)]

    assert [m.message_id for m in by_tag] == [m.message_id for m in by_text] == [sent.message_id]
    assert len(all_reports) == 2 and all_reports[1] == sent.message_id
    assert await messages.search_messages(MessageSearchQuery(text="nothing", stream_id=room)) == []


async def test_messages_are_found_by_their_meaning(messages, room):
    if not hasattr(messages, "search_messages_semantic"):
        return  # an older kit
    sent = await messages.send_message(room, "The weather in Paris")

    [found] = await messages.search_messages_semantic("paris weather", stream_id=room)
    assert found.message_id == sent.message_id


async def test_app_sends_for_its_user(alice, messages, im, ids):
    sent = await alice.messages().send_message(im, "from Alice")
    updated = await alice.messages().update_message(im, sent.message_id, "from her")
    blast = await alice.messages().blast_message([im], "to all")

    assert sent.user.user_id == updated.user.user_id == blast.messages[0].user.user_id == ids["alice"]
    with pytest.raises(ApiException) as refusal:
        await messages.update_message(im, sent.message_id, "from another one")
    assert refusal.value.status == 403


async def test_messages_of_another_system_are_imported(pod, connect, room, ids):
    admin = await connect(pod.config("acme-admin"))
    made = await admin.streams().create_room(V3RoomAttributes(name=f"old {time.time_ns()}", description="Of another system", view_history=True))
    stream = made.room_system_info.id
    await admin.streams().add_member_to_room(ids["alice"], stream)

    def old(user, stream):
        return V4ImportedMessage(
            message="<messageML>old</messageML>", intended_message_timestamp=1600000000000, intended_message_from_user_id=user,
            originating_system_id="fooChat", original_message_id="m-1", stream_id=stream,
        )

    first, second = await admin.messages().import_messages([old(ids["alice"], stream), old(ids["bob"], stream)])
    [again] = await admin.messages().import_messages([old(ids["alice"], stream)])

    assert first.message_id == again.message_id
    assert second.diagnostic == "The user is not a member of the stream"
    [found] = await admin.messages().list_messages(stream, since=1600000000000)
    assert found.timestamp == 1600000000000 and found.user.user_id == ids["alice"]


async def test_files_come_back(messages, room, tmp_path):
    contents = {"naïve ☃.txt": b"a text", "empty.csv": b"", "large.log": os.urandom(25 << 20)}
    files = []
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        files.append((tmp_path / name).open("rb"))

    # The kit 3.0.0 sends the names percent-encoded.
    sent = await messages.send_message(room, "with files", attachment=files)

    assert [(unquote(a.name), a.size) for a in sent.attachments] == [(name, len(content)) for name, content in contents.items()]
    for file, content in zip(sent.attachments, contents.values()):
        assert base64.b64decode(await messages.get_attachment(room, sent.message_id, file.id)) == content
    listed = await messages.list_attachments(room)
    assert {unquote(item.name) for item in listed} == set(contents)


async def test_malformed_message_is_refused_at_once(messages, im):
    for text, wrong in {
        "<messageML><u>x</u></messageML>": 'Invalid MessageML content at element "u"',
        '<messageML><mention email="nobody@x.example"/></messageML>': 'Failed to lookup user "nobody@x.example"',
    }.items():
        with pytest.raises(ApiException) as refusal:
            await messages.send_message(im, text)
        assert refusal.value.status == 400 and json.loads(refusal.value.body)["message"] == wrong


async def test_agent_is_healthy(bot):
    assert (await bot.health().health_check()).status.value == "UP"
    extended = await bot.health().health_check_extended()
    assert extended.services["pod"].status.value == "UP" and extended.users["agentservice"].auth_type.value == "RSA"
    assert (await bot.health().get_agent_info()).version.startswith("Agent-")
