"""Presence by an application that acts for its user. The kit's OboServices leave this service out; it is there by itself."""

import pytest
import pytest_asyncio
from accounts import a_service, plain
from symphony.bdk.core.service.presence.presence_service import OboPresenceService, PresenceStatus
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.presence_api import PresenceApi
from symphony.bdk.gen.pod_model.user_app_entitlement_patch import UserAppEntitlementPatch


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def acting(pod, bot, clients):
    """Presence for a user: `alice = await acting(username="alice")`."""
    config = pod.config("acme-bot")

    async def acting(**whom) -> OboPresenceService:
        client = (await clients(config)).get_pod_client()
        return OboPresenceService(PresenceApi(client), bot.obo(**whom), config.retry)

    return acting


@pytest_asyncio.fixture
async def bot_id(bot):
    return (await bot.sessions().get_session()).id


def people(presences) -> dict:
    return {p.user_id: p.category for p in plain(presences)}


async def status_of(call) -> int:
    with pytest.raises(ApiException) as refusal:
        await call
    return refusal.value.status


async def test_her_own_and_others(acting, bot, bot_id):
    alice = await acting(username="alice")
    await bot.presence().set_presence(PresenceStatus.IN_A_MEETING, False)

    set_by_app = await alice.set_presence(PresenceStatus.OUT_OF_OFFICE, False)

    assert set_by_app.category == "OUT_OF_OFFICE" and set_by_app.user_id != bot_id
    assert (await alice.get_presence()).category == "OUT_OF_OFFICE"
    assert (await bot.presence().get_user_presence(set_by_app.user_id, True)).category == "OUT_OF_OFFICE"
    assert (await alice.get_user_presence(bot_id, True)).category == "IN_A_MEETING"


async def test_feed_is_hers(acting, bot, bot_id):
    alice = await acting(username="alice")
    await bot.presence().set_presence(PresenceStatus.AVAILABLE, False)
    feed = await alice.create_presence_feed()

    await bot.presence().set_presence(PresenceStatus.BUSY, False)

    assert people(await alice.read_presence_feed(feed))[bot_id] == "BUSY"
    assert await status_of(bot.presence().read_presence_feed(feed)) == 403
    assert await alice.delete_presence_feed(feed) == feed
    assert await status_of(alice.read_presence_feed(feed)) == 400


async def test_interest_is_hers(acting, bot, pod, connect):
    alice, connections = await acting(username="alice"), bot.obo_services(bot.obo(username="alice")).connections()
    alice_id = (await alice.get_presence()).user_id
    stranger = await connect(pod.config("globex-bot"))
    stranger_id = (await stranger.sessions().get_session()).id
    await stranger.presence().set_presence(PresenceStatus.BE_RIGHT_BACK, False)
    assert await status_of(alice.external_presence_interest([stranger_id])) == 403

    await stranger.connections().create_connection(alice_id)
    await connections.accept_connection(stranger_id)
    try:
        await alice.external_presence_interest([stranger_id])
        assert (await alice.get_user_presence(stranger_id, False)).category == "AWAY"
    finally:
        await connections.remove_connection(stranger_id)


async def test_everybodys_is_an_administrators_business(acting, bot, bot_id, pod, connect, public_key):
    """An application may what its user may."""
    alice = await acting(username="alice")
    assert await status_of(alice.get_all_presence(None, None)) == 403
    assert await status_of(alice.set_user_presence(bot_id, PresenceStatus.AWAY, False)) == 403
    admin, service = await connect(pod.config("acme-admin")), a_service(public_key)
    service.roles = ["USER_PROVISIONING"]
    made = (await admin.users().create(service)).user_system_info.id
    await admin.applications().patch_user_applications(made, [UserAppEntitlementPatch(app_id="acme-app", install="TRUE")])
    provisioner = await acting(user_id=made)

    answer = await provisioner.set_user_presence(bot_id, PresenceStatus.ON_THE_PHONE, False)

    assert (answer.category, answer.user_id) == ("ON_THE_PHONE", bot_id)
    assert (await bot.presence().get_presence()).category == "ON_THE_PHONE"
    assert people(await provisioner.get_all_presence(bot_id, 1)) == {bot_id: "ON_THE_PHONE"}
