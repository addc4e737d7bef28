"""A service account logs in with its key and learns who it is."""

import pytest
from pod import ACME_POD_ID, GLOBEX_POD_ID, pod_id
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.session_api import SessionApi
from tokens import claims


@pytest.mark.parametrize(
    "account, company, home",
    [
        ("acme-bot", "Acme", ACME_POD_ID),
        ("acme-admin", "Acme", ACME_POD_ID),
        ("globex-bot", "Globex", GLOBEX_POD_ID),
        ("globex-admin", "Globex", GLOBEX_POD_ID),
    ],
)
async def test_account_learns_who_it_is(pod, connect, account, company, home):
    bdk = await connect(pod.config(account))

    info = await bdk.sessions().get_session()

    assert info.username == account
    assert info.company == company
    assert info.account_type == "SYSTEM"
    assert pod_id(info.id) == home
    # What people read above the bot's messages: a name, hence neither empty nor the number of the
    # account.
    assert info.display_name.strip() and info.display_name != str(info.id)


async def test_administrator_is_told_its_roles(pod, connect):
    admin = await (await connect(pod.config("acme-admin"))).sessions().get_session()
    bot = await (await connect(pod.config("acme-bot"))).sessions().get_session()

    assert {"USER_PROVISIONING", "CONTENT_MANAGEMENT"} <= roles(admin)
    assert "USER_PROVISIONING" not in roles(bot)


def roles(user) -> set[str]:
    # Up to 2.11 the kit wraps lists of strings.
    return set(getattr(user.roles, "value", user.roles))


async def test_session_token_tells_whose_it_is(pod, connect):
    bdk = await connect(pod.config("acme-bot"))
    info = await bdk.sessions().get_session()

    token = await bdk.bot_session().session_token

    assert token.count(".") == 2
    said = claims(token)
    assert said["sub"] == "acme-bot"
    # A string: JavaScript clients read it, and would round a large number.
    assert said["userId"] == str(info.id)


async def test_bot_gets_a_key_manager_token_of_its_own(pod, connect):
    session = (await connect(pod.config("acme-bot"))).bot_session()

    token = await session.key_manager_token

    assert token
    assert token != await session.session_token
    # The agent has no keys to deliver, so nothing may invite the kit to do without the key manager.
    assert not await session.skd_enabled


async def test_two_logins_make_two_sessions(pod, connect):
    first = await connect(pod.config("acme-bot"))
    second = await connect(pod.config("acme-bot"))

    tokens = {await bdk.bot_session().session_token for bdk in (first, second)}

    assert len(tokens) == 2
    assert (await first.sessions().get_session()).id == (await second.sessions().get_session()).id


async def test_token_of_one_company_is_worth_nothing_in_the_other(pod, connect, clients):
    acme_bot = await connect(pod.config("acme-bot"))
    globex = SessionApi((await clients(pod.config("globex-bot"))).get_pod_client())

    with pytest.raises(ApiException) as refusal:
        await globex.v2_sessioninfo_get(session_token=await acme_bot.bot_session().session_token)

    assert refusal.value.status == 401
