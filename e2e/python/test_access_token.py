"""Short-lived access tokens, which stand in for the session token and which others can verify."""

import time

import pytest
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.login_api.authentication_api import AuthenticationApi
from symphony.bdk.gen.pod_api.session_api import SessionApi
from tokens import claims, verified_claims


@pytest.fixture
def who_is_bearer(pod, clients):
    """Asks the pod who calls, with the header Authorization alone."""

    async def who_is_bearer(authorization: str):
        client = (await clients(pod.config("acme-bot"))).get_pod_client()
        client.set_default_header("Authorization", authorization)
        # The generated operation insists on a session token; an empty one is none.
        return await SessionApi(client).v2_sessioninfo_get(session_token="")

    return who_is_bearer


@pytest.fixture
def access_token_of(pod, clients):
    """Exchanges a session token for an access token."""

    async def access_token_of(session_token: str, **scope):
        login = AuthenticationApi((await clients(pod.config("acme-bot"))).get_login_client())
        return await login.idm_tokens_post(session_token=session_token, **scope)

    return access_token_of


async def test_access_token_verifies_with_the_published_keys(pod, connect, clients, access_token_of):
    config = pod.config("acme-bot")
    bdk = await connect(config)
    info = await bdk.sessions().get_session()

    token = await access_token_of(await bdk.bot_session().session_token)
    keys = await AuthenticationApi((await clients(config)).get_login_client()).idm_keys_get()

    said = verified_claims(token.access_token, keys)
    assert said["sub"] == str(info.id)
    assert token.token_type == "Bearer"
    assert abs(said["exp"] - time.time() - token.expires_in) < 60, "expires_in and exp tell two different times"


async def test_login_answers_an_access_token_too(pod, connect, clients):
    config = pod.config("acme-bot")
    bdk = await connect(config)
    info = await bdk.sessions().get_session()

    authorization = await bdk.bot_session().auth_token
    keys = await AuthenticationApi((await clients(config)).get_login_client()).idm_keys_get()

    kind, token = authorization.split(" ")
    assert kind == "Bearer"
    assert verified_claims(token, keys)["sub"] == str(info.id)


async def test_payload_is_readable_with_the_plain_alphabet(pod, connect, access_token_of):
    # The Java kit decodes it with the standard base64 alphabet, and dies of the other one's
    # letters.
    bdk = await connect(pod.config("acme-bot"))

    token = await access_token_of(await bdk.bot_session().session_token)

    payload = token.access_token.split(".")[1]
    assert not set("-_") & set(payload)


async def test_access_token_alone_opens_the_pod(pod, connect, access_token_of, who_is_bearer):
    bdk = await connect(pod.config("acme-bot"))
    token = (await access_token_of(await bdk.bot_session().session_token)).access_token

    # The Java kit sends it with the word Bearer after a login and without it after a refresh.
    assert (await who_is_bearer(f"Bearer {token}")).username == "acme-bot"
    assert (await who_is_bearer(token)).username == "acme-bot"


async def test_forged_access_token_is_refused(pod, connect, access_token_of, who_is_bearer):
    bot = await connect(pod.config("acme-bot"))
    admin = await connect(pod.config("acme-admin"))
    own = (await access_token_of(await bot.bot_session().session_token)).access_token.split(".")
    other = (await access_token_of(await admin.bot_session().session_token)).access_token.split(".")

    with pytest.raises(ApiException) as refusal:
        await who_is_bearer(".".join([own[0], other[1], own[2]]))

    assert refusal.value.status == 401


async def test_access_token_dies_with_its_session(pod, connect, access_token_of, who_is_bearer, administrator):
    bdk = await connect(pod.config("acme-bot"))
    session_token = await bdk.bot_session().session_token
    token = (await access_token_of(session_token)).access_token
    user = await who_is_bearer(token)
    admin = await administrator()

    await admin.end_session(user.id, claims(session_token)["sessionId"])

    with pytest.raises(ApiException) as refusal:
        await who_is_bearer(token)
    assert refusal.value.status == 401


async def test_dead_session_gets_no_access_token(pod, access_token_of):
    with pytest.raises(ApiException) as refusal:
        await access_token_of("not.a.session")

    assert refusal.value.status == 401


async def test_unknown_scope_is_not_granted(pod, connect, access_token_of):
    bdk = await connect(pod.config("acme-bot"))

    with pytest.raises(ApiException) as refusal:
        await access_token_of(await bdk.bot_session().session_token, scope="everything")

    assert refusal.value.status == 403
