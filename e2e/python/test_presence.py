"""Bots set and read presence, their own, others', everybody's, and from feeds."""

import time

import pytest
import pytest_asyncio
from symphony.bdk.core.service.presence.presence_service import PresenceStatus
from symphony.bdk.gen.exceptions import ApiException

AN_HOUR = 3600 * 1000


@pytest_asyncio.fixture
async def bot(connect, pod):
    return await Person.of(connect, pod.config("acme-bot"))


@pytest_asyncio.fixture
async def admin(connect, pod):
    return await Person.of(connect, pod.config("acme-admin"))


@pytest_asyncio.fixture
async def stranger(connect, pod):
    return await Person.of(connect, pod.config("globex-bot"))


class Person:
    def __init__(self, bdk, user_id):
        self.bdk, self.id = bdk, user_id
        self.presence = bdk.presence()

    @classmethod
    async def of(cls, connect, config):
        bdk = await connect(config)
        return cls(bdk, (await bdk.sessions().get_session()).id)


def people(presences) -> dict:
    return {p.user_id: p.category for p in getattr(presences, "value", presences)}


@pytest.mark.parametrize("status", list(PresenceStatus))
async def test_every_status_the_kit_knows_can_be_set(bot, status):
    answer = await bot.presence.set_presence(status, False)

    assert (answer.category, answer.user_id) == (status.name, bot.id)
    own = await bot.presence.get_presence()
    assert (own.category, own.user_id) == (status.name, bot.id)
    # The kit makes numbers of times: whole ones, of now.
    assert abs(own.timestamp - time.time() * 1000) < AN_HOUR


async def test_soft_status_waits_for_its_user(admin):  # who reads no datafeed, as the bot does
    await admin.presence.set_presence(PresenceStatus.BUSY, False)

    answer = await admin.presence.set_presence(PresenceStatus.AVAILABLE, True)

    assert answer.category == "OFFLINE"
    assert (await admin.presence.get_presence()).category == "OFFLINE"


@pytest.mark.parametrize("local", [True, False])
async def test_colleagues_see_each_other(bot, admin, local):
    await bot.presence.set_presence(PresenceStatus.IN_A_MEETING, False)

    seen = await admin.presence.get_user_presence(bot.id, local)

    assert (seen.category, seen.user_id) == ("IN_A_MEETING", bot.id)


async def test_administrator_sets_somebody_elses(bot, admin):
    answer = await admin.presence.set_user_presence(bot.id, PresenceStatus.ON_THE_PHONE, False)

    assert (answer.category, answer.user_id) == ("ON_THE_PHONE", bot.id)
    assert (await bot.presence.get_presence()).category == "ON_THE_PHONE"


async def test_others_may_not(bot, admin):
    with pytest.raises(ApiException) as refusal:
        await bot.presence.set_user_presence(admin.id, PresenceStatus.AWAY, True)
    assert refusal.value.status == 403
    with pytest.raises(ApiException) as refusal:
        await bot.presence.get_all_presence(None, None)
    assert refusal.value.status == 403


async def test_administrator_reads_everybodys_in_pages(bot, admin):
    await bot.presence.set_presence(PresenceStatus.AWAY, False)
    await admin.presence.set_presence(PresenceStatus.BUSY, False)

    everybody = people(await admin.presence.get_all_presence(None, None))

    assert everybody[bot.id] == "AWAY" and everybody[admin.id] == "BUSY"
    assert list(everybody) == sorted(everybody)
    paged, last = {}, None
    while True:
        page = people(await admin.presence.get_all_presence(last, 2))
        paged.update(page)
        if len(page) < 2:
            break
        last = max(page)
    assert paged == everybody


async def test_feed_tells_what_changed(bot, admin):
    await bot.presence.set_presence(PresenceStatus.AVAILABLE, False)
    feed = await admin.presence.create_presence_feed()
    assert bot.id not in people(await admin.presence.read_presence_feed(feed))

    await bot.presence.set_presence(PresenceStatus.BUSY, False)
    await bot.presence.set_presence(PresenceStatus.AWAY, False)

    assert people(await admin.presence.read_presence_feed(feed))[bot.id] == "AWAY"
    assert bot.id not in people(await admin.presence.read_presence_feed(feed))
    with pytest.raises(ApiException) as refusal:
        await bot.presence.read_presence_feed(feed)
    assert refusal.value.status == 403
    assert await admin.presence.delete_presence_feed(feed) == feed
    with pytest.raises(ApiException) as refusal:
        await admin.presence.read_presence_feed(feed)
    assert refusal.value.status == 400


async def test_other_company_sees_it_when_connected_and_interested(bot, stranger):
    connections = bot.bdk.connections()
    await stranger.presence.set_presence(PresenceStatus.BE_RIGHT_BACK, False)
    for refused in (bot.presence.get_user_presence(stranger.id, False), bot.presence.external_presence_interest([stranger.id])):
        with pytest.raises(ApiException) as refusal:
            await refused
        assert refusal.value.status == 403
    assert (await bot.presence.get_user_presence(stranger.id, True)).category == "OFFLINE"

    await connections.create_connection(stranger.id)
    await stranger.bdk.connections().accept_connection(bot.id)
    try:
        assert (await bot.presence.get_user_presence(stranger.id, False)).category == "OFFLINE"
        await bot.presence.external_presence_interest([stranger.id])
        # Others are told less than colleagues.
        assert (await bot.presence.get_user_presence(stranger.id, False)).category == "AWAY"
        assert (await bot.presence.get_user_presence(stranger.id, True)).category == "OFFLINE"
        assert (await stranger.presence.get_user_presence(bot.id, False)).category == "OFFLINE"
    finally:
        await connections.remove_connection(stranger.id)
