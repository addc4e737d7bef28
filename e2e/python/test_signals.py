"""A bot and an app's user manage signals, and find the messages of one."""

import time

import pytest
import pytest_asyncio
from symphony.bdk.gen.agent_model.base_signal import BaseSignal
from symphony.bdk.gen.agent_model.message_search_query import MessageSearchQuery
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def ids(bot):
    found = await bot.users().list_users_by_usernames(["acme-bot", "alice", "bob"])
    return {user.username: user.id for user in found.users}


@pytest_asyncio.fixture(params=["for itself", "on behalf of Alice"])
async def owner(bot, request):
    """The name of an account, and its service of signals."""
    if request.param == "for itself":
        return "acme-bot", bot.signals()
    return "alice", bot.obo_services(bot.obo(username="alice")).signals()


def base(name, query, **others):
    return BaseSignal(name=name, query=query, **others)


async def test_signal_is_managed(owner):
    _, signals = owner
    name = f"deals {time.time_ns()}"
    made = await signals.create_signal(base(name, "hashtag:hash AND cashtag:cash", visible_on_profile=True, company_wide=False))

    assert made.query == "HASHTAG:hash AND CASHTAG:cash" and made.visible_on_profile and not made.company_wide
    assert (await signals.get_signal(made.id)).name == name
    changed = await signals.update_signal(made.id, base(name, "hashtag:other", visible_on_profile=False, company_wide=False))
    assert changed.id == made.id and changed.timestamp == made.timestamp and changed.query == "HASHTAG:other"
    listed = await signals.list_signals(limit=500)
    assert made.id in [signal.id for signal in getattr(listed, "value", listed)]  # the older kit wraps the list
    assert made.id in [signal.id async for signal in await signals.list_all_signals(chunk_size=1)]
    await signals.delete_signal(made.id)
    with pytest.raises(ApiException) as refusal:
        await signals.get_signal(made.id)
    assert refusal.value.status == 400


async def test_users_are_subscribed(owner, ids):
    name, signals = owner
    made = await signals.create_signal(base("pushed", "hashtag:pushed"))
    result = await signals.subscribe_users_to_signal(made.id, True, [ids["bob"], 1])

    assert (result.requested_subscription, result.successful_subscription, result.failed_subscription) == (2, 1, 1)
    assert result.subscription_errors[0].user_id == 1
    page = await signals.list_subscribers(made.id)
    assert [(s.user_id, s.owner, s.pushed) for s in page.data] == [(ids[name], True, False), (ids["bob"], False, True)]
    assert page.total == 2 and not page.has_more
    assert [s.user_id async for s in await signals.list_all_subscribers(made.id, chunk_size=1)] == [ids[name], ids["bob"]]
    left = await signals.unsubscribe_users_to_signal(made.id, [ids["bob"]])
    assert left.successful_subscription == 1
    await signals.delete_signal(made.id)


async def test_messages_of_a_signal_are_found(bot):
    tag = f"tag{time.time_ns()}"
    room = (await bot.streams().create_room(V3RoomAttributes(name=tag, description="A room"))).room_system_info.id
    sent = await bot.messages().send_message(room, f'<messageML>a deal <hash tag="{tag}"/></messageML>')
    await bot.messages().send_message(room, "<messageML>another one</messageML>")
    signal = await bot.signals().create_signal(base("search", f"hashtag:{tag} OR cashtag:{tag}"))

    found = await bot.messages().search_messages(MessageSearchQuery(signal=signal.id))

    assert [m.message_id for m in found] == [sent.message_id]
