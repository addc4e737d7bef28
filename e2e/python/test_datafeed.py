"""Bots of the kit hear: the loops of datafeed and datahose, commands, and several readers."""

import asyncio
import time

import aiohttp
import pytest
import pytest_asyncio
from symphony.bdk.core.activity.command import CommandContext
from symphony.bdk.core.service.datafeed.real_time_event_listener import RealTimeEventListener
from symphony.bdk.gen.agent_api.datafeed_api import DatafeedApi
from symphony.bdk.gen.agent_model.ack_id import AckId
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes
from test_avatars import tls

PATIENCE = 30  # seconds


class Heard(RealTimeEventListener):
    """Notes what the loop dispatches."""

    def __init__(self):
        self.queue = asyncio.Queue()

    async def next(self):
        return await asyncio.wait_for(self.queue.get(), PATIENCE)

    async def on_message_sent(self, initiator, event):
        await self.queue.put(("message", initiator.user.username, event.message.message))

    async def on_user_joined_room(self, initiator, event):
        await self.queue.put(("joined", event.affected_user.username, event.stream.room_name))

    async def on_user_left_room(self, initiator, event):
        await self.queue.put(("left", event.affected_user.username, event.stream.room_name))

    async def on_room_updated(self, initiator, event):
        await self.queue.put(("updated", initiator.user.username, event.new_room_properties.name))

    async def on_symphony_elements_action(self, initiator, event):
        await self.queue.put(("form", initiator.user.username, event.form_id, event.form_message_id, dict(event.form_values)))

    async def on_instant_message_created(self, initiator, event):
        await self.queue.put(("im", initiator.user.username, event.stream.stream_type))


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def admin(pod, connect):
    return await connect(pod.config("acme-admin"))


@pytest_asyncio.fixture
async def im(bot, admin):
    """The IM of the administrator and the bot."""
    me = (await bot.sessions().get_session()).id
    return (await admin.streams().create_im(me)).id


@pytest_asyncio.fixture
async def running(opened, admin, im):
    """Runs a loop until the test ends."""

    async def run(loop):
        task = asyncio.create_task(loop.start())

        async def stop():
            await loop.stop()  # the loop ends with its last read
            await admin.messages().send_message(im, "<messageML>the end</messageML>")
            await asyncio.wait_for(task, PATIENCE)

        opened.push_async_callback(stop)

    return run


async def start(running, loop):
    """Subscribes to a loop, runs it, and waits until its feed exists."""
    heard = Heard()
    loop.subscribe(heard)
    await running(loop)
    return heard


async def until_told(heard, say):
    """Says something until the loop hears of it, because nothing tells when the loop's feed has begun."""
    for number in range(PATIENCE):
        await say(number)
        try:
            return await asyncio.wait_for(heard.queue.get(), 1)
        except asyncio.TimeoutError:
            continue
    raise AssertionError("the loop hears nothing")


async def settle(heard):
    """Waits until nothing more is heard."""
    while True:
        try:
            await asyncio.wait_for(heard.queue.get(), 1.5)
        except asyncio.TimeoutError:
            return


async def test_bot_answers_a_command(bot, admin, im, running):
    @bot.activities().slash("/hello {name}", True)
    async def hello(context: CommandContext):
        await bot.messages().send_message(context.stream_id, f"<messageML>Hello, {context.arguments.get_string('name')}!</messageML>")

    heard = await start(running, bot.datafeed())
    me = (await bot.sessions().get_session()).id
    begin = int(time.time() * 1000)
    await until_told(heard, lambda n: admin.messages().send_message(im, f"<messageML>warm {n}</messageML>"))
    await admin.messages().send_message(im, f'<messageML><mention uid="{me}"/> /hello world</messageML>')

    for _ in range(PATIENCE * 5):
        said = [m.message for m in await admin.messages().list_messages(im, since=begin)]
        if any("Hello, world!" in m for m in said):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(said)


async def test_loop_tells_what_happens_in_a_room(bot, admin, im, running):
    heard = await start(running, bot.datafeed())
    await until_told(heard, lambda n: admin.messages().send_message(im, f"<messageML>warm {n}</messageML>"))
    await settle(heard)
    me = (await bot.sessions().get_session()).id
    name = f"heard {time.time_ns()}"
    room = (await admin.streams().create_room(V3RoomAttributes(name=name, description="heard"))).room_system_info.id
    await admin.streams().add_member_to_room(me, room)
    await admin.messages().send_message(room, "<messageML>in the room</messageML>")
    await admin.streams().update_room(room, V3RoomAttributes(name=name + "!", description="heard"))
    await admin.streams().remove_member_from_room(me, room)
    await admin.messages().send_message(room, "<messageML>without the bot</messageML>")

    assert await heard.next() == ("joined", "acme-bot", name)
    kind, author, text = await heard.next()
    assert (kind, author) == ("message", "acme-admin") and "in the room" in text
    assert await heard.next() == ("updated", "acme-admin", name + "!")
    assert await heard.next() == ("left", "acme-bot", name + "!")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(heard.queue.get(), 1)


async def test_feeds_by_hand(pod, clients, bot, admin, im):
    factory = await clients(pod.config("acme-bot"))
    api = DatafeedApi(factory.get_agent_client())
    session = bot.bot_session()
    tokens = {"session_token": await session.session_token, "key_manager_token": await session.key_manager_token}
    feed = await api.create_datafeed(**tokens)
    assert feed.id.endswith("_f") and feed.type == "fanout"
    assert feed.id in [f.id for f in (await api.list_datafeed(**tokens))]
    me = (await bot.sessions().get_session()).id
    sent = await admin.messages().send_message(im, "<messageML>by hand</messageML>")
    events = await api.read_datafeed(datafeed_id=feed.id, ack_id=AckId(ack_id=""), **tokens)
    assert sent.message_id in [e.message_id for e in events.events]
    await api.delete_datafeed(datafeed_id=feed.id, **tokens)
    await api.delete_datafeed(datafeed_id=feed.id, **tokens)


async def test_loop_goes_on_with_a_new_feed(bot, admin, im, running, clients, pod):
    heard = await start(running, bot.datafeed())
    await until_told(heard, lambda n: admin.messages().send_message(im, f"<messageML>warm {n}</messageML>"))
    api = DatafeedApi((await clients(pod.config("acme-bot"))).get_agent_client())
    session = bot.bot_session()
    tokens = {"session_token": await session.session_token, "key_manager_token": await session.key_manager_token}
    for feed in await api.list_datafeed(**tokens):  # as if they had not been read for half an hour
        await api.delete_datafeed(datafeed_id=feed.id, **tokens)
    await settle(heard)
    kind, author, _ = await until_told(heard, lambda n: admin.messages().send_message(im, f"<messageML>again {n}</messageML>"))
    assert (kind, author) == ("message", "acme-admin")


async def test_bot_hears_what_is_submitted(pod, bot, admin, im, running):
    heard = await start(running, bot.datafeed())
    await until_told(heard, lambda n: admin.messages().send_message(im, f"<messageML>warm {n}</messageML>"))
    form = await bot.messages().send_message(
        im, '<messageML><form id="order"><text-field name="count" required="true"/><button name="send">Send</button></form></messageML>'
    )
    url = f"{pod.acme_url}/podium/v1/stream/{im}/message/{form.message_id}/form/submit"
    body = {"formId": "order", "formValues": {"action": "send", "count": "12"}}
    headers = {"sessionToken": await admin.bot_session().session_token}
    async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers, ssl=tls(pod)) as answer:
        assert answer.status == 200

    told = await heard.next()
    while told[0] != "form":
        told = await heard.next()
    assert told == ("form", "acme-admin", "order", form.message_id, {"action": "send", "count": "12"})
