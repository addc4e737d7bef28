"""Who cannot prove who he is stays outside, and is told so at once.

The kit tries again when the pod seems to be in trouble, and gives up at once when it is told 401. So every refusal here is
counted: exactly one login request.
"""

import time

import pytest
from symphony.bdk.core.auth.exception import AuthUnauthorizedError
from symphony.bdk.core.auth.jwt_helper import create_signed_jwt
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.login_api.authentication_api import AuthenticationApi
from symphony.bdk.gen.login_model.authenticate_request import AuthenticateRequest
from wiretap import Exchange

ONE_REFUSED_LOGIN = [Exchange("POST /login/pubkey/authenticate", 401)]


async def test_wrong_key_is_refused_at_once(pod, connect, wiretap):
    wire = await wiretap()
    config = wire.between(pod.config("acme-bot"))
    config.bot.private_key = pod.key("acme-admin")
    bdk = await connect(config)

    with pytest.raises(AuthUnauthorizedError):
        await bdk.sessions().get_session()

    assert wire.exchanges == ONE_REFUSED_LOGIN


async def test_unknown_user_is_refused_at_once(pod, connect, wiretap):
    wire = await wiretap()
    config = wire.between(pod.config("acme-bot"))
    config.bot.username = "unknown"
    bdk = await connect(config)

    with pytest.raises(AuthUnauthorizedError):
        await bdk.sessions().get_session()

    assert wire.exchanges == ONE_REFUSED_LOGIN


async def test_account_of_another_company_is_refused_at_once(pod, connect, wiretap):
    wire = await wiretap()  # to Acme, where Globex's bot is unknown
    bdk = await connect(wire.between(pod.config("globex-bot")))

    with pytest.raises(AuthUnauthorizedError):
        await bdk.sessions().get_session()

    assert wire.exchanges == ONE_REFUSED_LOGIN


async def test_key_manager_refuses_a_wrong_key_too(pod, connect, wiretap):
    wire = await wiretap()
    config = wire.between(pod.config("acme-bot"))
    bdk = await connect(config)
    await bdk.bot_session().session_token
    config.bot.private_key = pod.key("acme-admin")

    with pytest.raises(AuthUnauthorizedError):
        await bdk.bot_session().key_manager_token

    assert wire.exchanges[-1] == Exchange("POST /relay/pubkey/authenticate", 401)
    assert len(wire.exchanges) == 2


@pytest.mark.parametrize(
    "seconds, why",
    [(-60, "it is over"), (3600, "only five minutes are allowed, so that a stolen one is soon worthless")],
)
async def test_login_request_must_be_fresh(pod, clients, seconds, why):
    config = pod.config("acme-bot")
    login = AuthenticationApi((await clients(config)).get_login_client())
    request = create_signed_jwt(config.bot.private_key, "acme-bot", int(time.time()) + seconds)

    with pytest.raises(ApiException) as refusal:
        await login.pubkey_authenticate_post(AuthenticateRequest(token=request))

    assert refusal.value.status == 401, why


async def test_the_same_request_opens_session_and_key_manager(pod, clients):
    # Older kits sign once and send it to both, so it must not be good for one use only.
    config = pod.config("acme-bot")
    factory = await clients(config)
    request = AuthenticateRequest(token=create_signed_jwt(config.bot.private_key, "acme-bot", int(time.time()) + 300))

    session = await AuthenticationApi(factory.get_login_client()).pubkey_authenticate_post(request)
    key_manager = await AuthenticationApi(factory.get_relay_client()).pubkey_authenticate_post(request)

    assert (session.name, key_manager.name) == ("sessionToken", "keyManagerToken")
    assert session.token != key_manager.token
