"""What the examples of the kit do: commands, forms, activities, on behalf of, the datahose; and the scenario of its integration test."""

import asyncio
import time
import uuid
from urllib.parse import urlsplit

import pytest_asyncio
from accounts import a_service, plain
from person import PATIENCE, Person
from person import plain as text
from symphony.bdk.core.activity.command import CommandActivity
from symphony.bdk.core.activity.form import FormReplyActivity
from symphony.bdk.core.activity.user_joined_room import UserJoinedRoomActivity
from symphony.bdk.core.config.model.bdk_config import BdkConfig
from symphony.bdk.core.config.model.bdk_datahose_config import BdkDatahoseConfig
from symphony.bdk.core.service.datafeed.datahose_loop import DatahoseLoop
from symphony.bdk.core.service.datafeed.real_time_event_listener import RealTimeEventListener
from symphony.bdk.gen.agent_api.datafeed_api import DatafeedApi
from symphony.bdk.gen.agent_api.datahose_api import DatahoseApi
from symphony.bdk.gen.pod_model.feature import Feature
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes

FORM = (
    '<messageML><form id="order"><select name="side" required="true"><option value="buy">Buy</option><option value="sell">Sell</option></select>'
    '<text-field name="count" required="true"/><button name="send" type="action">Send</button></form></messageML>'
)


class Greeting(CommandActivity):
    def __init__(self, messages):
        self._messages = messages
        super().__init__()

    def matches(self, context):
        return context.text_content.startswith(f"@{context.bot_display_name} good morning")

    async def on_activity(self, context):
        await self._messages.send_message(context.stream_id, f"<messageML>Good morning, {context.initiator.user.display_name}!</messageML>")


class Order(FormReplyActivity):
    def __init__(self, messages):
        self._messages = messages

    def matches(self, context):
        return context.form_id == "order" and context.get_form_value("action") == "send"

    async def on_activity(self, context):
        answer = f"{context.get_form_value('side')} {context.get_form_value('count')}"
        await self._messages.send_message(context.source_event.stream.stream_id, f"<messageML>{answer}</messageML>")


class Welcome(UserJoinedRoomActivity):
    def __init__(self, messages):
        self._messages = messages

    def matches(self, context):
        return True

    async def on_activity(self, context):
        await self._messages.send_message(context.stream_id, f'<messageML>Welcome, <mention uid="{context.affected_user_id}"/>!</messageML>')


@pytest_asyncio.fixture
async def person(pod, connect):
    return Person(await connect(pod.config("acme-admin")), pod.acme_url, pod.authority)


@pytest_asyncio.fixture
async def service(pod, person, public_key):
    """Creates a service account: its id and the kit's configuration of it."""

    async def service(display_name="A bot"):
        payload = a_service(public_key)
        payload.user_attributes.display_name = display_name
        made = await person.bdk.users().create(payload)
        config = pod.config("acme-bot")
        config.bot.username = made.user_attributes.user_name
        return made.user_system_info.id, config

    return service


@pytest_asyncio.fixture
async def running(opened):
    """Runs a loop until the test ends."""

    def run(loop):
        task = asyncio.create_task(loop.start())

        async def end():
            assert not task.done(), task.result()
            task.cancel()
            await asyncio.wait([task])

        opened.push_async_callback(end)

    return run


async def test_example_bot(person, service, connect, running):
    me, config = await service("Examples")
    bot = await connect(config)
    messages = bot.messages()
    for activity in Greeting(messages), Order(messages), Welcome(messages):
        bot.activities().register(activity)

    @bot.activities().slash("/echo {words} {@who} {$what}", False)
    async def echo(context):
        arguments = context.arguments
        answer = arguments.get_string("words"), arguments.get_mention("who").user_id, arguments.get_cashtag("what").value
        await messages.send_message(context.stream_id, f"<messageML>{answer}</messageML>")

    @bot.activities().slash("/order", False)
    async def order(context):
        await messages.send_message(context.stream_id, FORM)

    @bot.activities().slash("/sign", False)
    async def sign(context):
        async with bot.obo_services(bot.obo(username="alice")) as alice:
            await alice.messages().send_message(context.stream_id, "<messageML>Signed, Alice</messageML>")

    @bot.activities().slash("/ping", False)
    async def ping(context):
        await messages.send_message(context.stream_id, "<messageML>pong</messageML>")

    running(bot.datafeed())
    im = await person.im(me)
    assert text(await person.reach(im, "/ping")) == "pong"

    mention = f'<mention uid="{me}"/>'
    assert text(await person.ask(im, f"{mention} good morning &amp; more")) == "Good morning, Acme Administrator!"
    assert text(await person.ask(im, f'/echo words {mention} <cash tag="ibm"/>')) == f"('words', {me}, 'ibm')"

    form = await person.ask(im, "/order")
    assert await person.submit(im, form, action="send", side="hold", count="12") == 400  # no option of the form
    assert await person.submit(im, form, action="send", side="sell", count="12") == 200
    assert text(await person.answer(im, form)) == "sell 12"

    room = await person.room()
    alice = (await person.bdk.users().list_users_by_usernames(["alice"])).users[0].id
    for user, name in (me, "Examples"), (alice, "Alice Archer"):
        coming = await person.say(room, f"{name} is coming")
        await person.bdk.streams().add_member_to_room(user, room)
        assert text(await person.answer(room, coming)) == f"Welcome, @{name}!"
    signed = await person.ask(room, "/sign")
    assert (text(signed), signed.user.user_id) == ("Signed, Alice", alice)


class Hears(RealTimeEventListener):
    def __init__(self):
        self.heard = []

    async def on_message_sent(self, initiator, event):
        self.heard.append(("message", event.message.stream.stream_id, text(event.message)))

    async def on_room_created(self, initiator, event):
        self.heard.append(("created", event.stream.stream_id, event.room_properties.name))


async def test_datahose_tells_of_all_conversations(person, service, connect, clients, running):
    me, config = await service()
    features = [Feature(entitlment=name, enabled=True) for name in ("canCreateDatahose", "canReadDatahose")]
    await person.bdk.users().update_feature_entitlements(me, features)
    config.datahose = BdkDatahoseConfig({"eventTypes": ["MESSAGESENT", "ROOMCREATED"], "tag": uuid.uuid4().hex})
    bot = await connect(config)
    loop = bot.datahose()
    if not hasattr(DatafeedApi, "read_events"):  # the kit 2.11.0 gives its loop the client of the datafeeds
        loop = DatahoseLoop(DatahoseApi((await clients(config)).get_agent_client()), bot.sessions(), bot.bot_session(), config)
    hears = Hears()
    loop.subscribe(hears)
    running(loop)

    room = await person.room()  # the bot is no member
    said = 0
    while not hears.heard:  # nothing tells when the feed has begun
        await person.say(room, f"{said}")
        said += 1
        await asyncio.sleep(0.5)
        assert said < PATIENCE * 2, "the datahose is silent"
    alice = (await person.bdk.users().list_users_by_usernames(["alice"])).users[0].id
    im = await person.im(alice)
    name = f"Hosed {time.time_ns()}"
    made = (await person.bdk.streams().create_room(V3RoomAttributes(name=name, description="heard"))).room_system_info.id
    await person.say(im, "between us")
    await person.bdk.streams().add_member_to_room(me, room)  # of a type that it does not ask for
    await person.say(room, "the last")

    wanted = [("created", made, name), ("message", im, "between us"), ("message", room, "the last")]
    for _ in range(PATIENCE * 10):
        if wanted[-1] in hears.heard:
            break
        await asyncio.sleep(0.1)
    assert [event for event in hears.heard if event in wanted] == wanted
    numbers = [int(words) for kind, stream, words in hears.heard if stream == room and words.isdigit()]
    assert numbers == list(range(numbers[0], said))


# The scenario of the kit's own integration test (tests/bdk/integration/e2e_test.py), which the registry's package lacks. That test takes its
# name, its key and its host from the environment; here they come from bootstrap.json.


@pytest_asyncio.fixture
async def messenger(pod, connect):
    """The first bot of the integration test, and a room of its own."""
    url = urlsplit(pod.bootstrap["podBaseUrl"])
    login = {"username": pod.bootstrap["botUsername"], "privateKey": {"content": pod.bootstrap_key()}}
    trusted = {"ssl": {"trustStore": {"path": pod.authority}}} if pod.uses_tls else {}
    bot = await connect(BdkConfig(scheme=url.scheme, host=url.hostname, port=url.port, bot=login, **trusted))
    made = await bot.streams().create_room(V3RoomAttributes(name=f"New fancy room {time.time_ns()}", description="test room"))
    return bot, made.room_system_info.id


async def test_integration_bot_reads_what_it_wrote(messenger):
    bot, stream = messenger
    run, since = uuid.uuid4().hex, int(time.time() - 2) * 1000
    for number in range(3):
        await bot.messages().send_message(stream, f"<messageML><b>{run}-{number}-{since}</b></messageML>")

    read = [text(message) for message in await bot.messages().list_messages(stream, since=since)]
    assert sorted(words for words in read if words.startswith(run)) == [f"{run}-{number}-{since}" for number in range(3)]


async def test_integration_bot_adds_and_removes_a_member(person, messenger):
    bot, room = messenger
    alice = (await person.bdk.users().list_users_by_usernames(["alice"])).users[0].id

    async def members():
        return [member.id for member in plain(await bot.streams().list_room_members(room))]

    await bot.streams().add_member_to_room(alice, room)
    assert alice in await members()
    await bot.streams().remove_member_from_room(alice, room)
    assert alice not in await members()


async def test_integration_datafeed_receives_a_message(messenger, service, connect, running):
    bot, stream = messenger
    other, config = await service("Feeder")
    hears = Hears()
    bot.datafeed().subscribe(hears)
    await bot.streams().add_member_to_room(other, stream)
    running(bot.datafeed())
    feeder = await connect(config)
    for number in range(PATIENCE):  # nothing tells when the feed has begun
        sent = ("message", stream, f"Message for datafeed test {number}")
        await feeder.messages().send_message(stream, sent[2])
        await asyncio.sleep(0.5)
        if sent in hears.heard:
            return
    raise AssertionError(hears.heard)
