"""A session can be ended under the one who uses it; the kit then logs in again by itself."""

import pytest
from symphony.bdk.gen.auth_api.certificate_authentication_api import CertificateAuthenticationApi
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.session_api import SessionApi
from symphony.bdk.gen.pod_api.users_api import UsersApi
from tokens import claims
from wiretap import Exchange


async def test_bot_logs_in_again_by_itself(pod, connect, wiretap, administrator):
    wire = await wiretap()
    bdk = await connect(wire.between(pod.config("acme-bot")))
    before = await bdk.sessions().get_session()
    old_token = await bdk.bot_session().session_token
    admin = await administrator()

    await admin.end_all_sessions(before.id)
    wire.exchanges.clear()
    after = await bdk.sessions().get_session()

    assert after.id == before.id
    assert await bdk.bot_session().session_token != old_token
    assert wire.exchanges == [
        Exchange("GET /pod/v2/sessioninfo", 401),
        Exchange("POST /login/pubkey/authenticate", 200),
        Exchange("POST /relay/pubkey/authenticate", 200),
        Exchange("GET /pod/v2/sessioninfo", 200),
    ]


async def test_administrator_sees_the_session_and_ends_just_that_one(pod, connect, clients, administrator):
    config = pod.config("acme-bot")
    sessions = SessionApi((await clients(config)).get_pod_client())
    ended, kept = [await (await connect(config)).bot_session().session_token for _ in range(2)]
    user_id = (await sessions.v2_sessioninfo_get(session_token=kept)).id
    admin = await administrator()

    listed = {session.session_id: session for session in await admin.sessions_of(user_id)}
    assert {claims(ended)["sessionId"], claims(kept)["sessionId"]} <= listed.keys()
    assert {session.user_id for session in listed.values()} == {user_id}
    assert listed[claims(kept)["sessionId"]].user_agent.startswith("Symphony-BDK-Python/")

    await admin.end_session(user_id, claims(ended)["sessionId"])

    with pytest.raises(ApiException) as refusal:
        await sessions.v2_sessioninfo_get(session_token=ended)
    assert refusal.value.status == 401
    assert (await sessions.v2_sessioninfo_get(session_token=kept)).id == user_id
    assert claims(ended)["sessionId"] not in {session.session_id for session in await admin.sessions_of(user_id)}


async def test_bot_may_not_end_the_sessions_of_others(pod, connect, clients):
    admin = await connect(pod.config("acme-admin"))
    admin_id = (await admin.sessions().get_session()).id
    config = pod.config("acme-bot")
    bot_token = await (await connect(config)).bot_session().session_token

    with pytest.raises(ApiException) as refusal:
        await UsersApi((await clients(config)).get_pod_client()).v1_users_uid_sessions_logout_post(
            uid=str(admin_id), session_token=bot_token
        )

    # Not 401: the kits would take that for a dead session and log in over and over again.
    assert refusal.value.status == 403


async def test_logout_ends_the_session_and_no_other(pod, connect, clients):
    config = pod.config("acme-bot")
    factory = await clients(config)
    sessions = SessionApi(factory.get_pod_client())
    left, kept = [await (await connect(config)).bot_session().session_token for _ in range(2)]

    farewell = await CertificateAuthenticationApi(factory.get_session_auth_client()).v1_logout_post(session_token=left)

    assert farewell.message
    with pytest.raises(ApiException) as refusal:
        await sessions.v2_sessioninfo_get(session_token=left)
    assert refusal.value.status == 401
    assert (await sessions.v2_sessioninfo_get(session_token=kept)).username == "acme-bot"


async def test_key_manager_token_is_logged_out_once(pod, connect, clients):
    config = pod.config("acme-bot")
    key_auth = CertificateAuthenticationApi((await clients(config)).get_key_auth_client())
    token = await (await connect(config)).bot_session().key_manager_token

    assert (await key_auth.v1_logout_post(session_token=token)).message
    with pytest.raises(ApiException) as refusal:
        await key_auth.v1_logout_post(session_token=token)

    assert refusal.value.status == 401
