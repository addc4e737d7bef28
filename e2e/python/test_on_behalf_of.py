"""An application acts for a person who has installed it."""

import pytest
from pod import ACME_POD_ID, pod_id
from symphony.bdk.core.auth.exception import AuthUnauthorizedError
from wiretap import Exchange

NOT_A_USER = (ACME_POD_ID << 36) + 99_999_999


@pytest.mark.parametrize("username", ["alice", "bob"])
async def test_application_acts_for_a_user_by_name(pod, connect, who_is, username):
    config = pod.config("acme-bot")
    bdk = await connect(config)

    user = await who_is(config, bdk.obo(username=username))

    assert user.username == username
    assert user.email_address == f"{username}@acme.example"
    assert user.account_type == "NORMAL"
    assert user.display_name.strip()
    assert pod_id(user.id) == ACME_POD_ID


async def test_application_acts_for_a_user_by_id(pod, connect, who_is):
    config = pod.config("acme-bot")
    bdk = await connect(config)
    alice = await who_is(config, bdk.obo(username="alice"))

    user = await who_is(config, bdk.obo(user_id=alice.id))

    assert (user.id, user.username) == (alice.id, "alice")


async def test_person_who_has_not_installed_it_is_out_of_reach(pod, connect, wiretap):
    wire = await wiretap()
    bdk = await connect(wire.between(pod.config("acme-bot")))

    with pytest.raises(AuthUnauthorizedError):
        await bdk.obo(username="carol").session_token

    assert wire.exchanges == [
        Exchange("POST /login/pubkey/app/authenticate", 200),
        Exchange("POST /login/pubkey/app/username/carol/authenticate", 401),
    ]


@pytest.mark.parametrize("whom", [{"username": "unknown"}, {"user_id": NOT_A_USER}, {"username": "dave"}])
async def test_unknown_person_is_refused(pod, connect, whom):
    # Dave exists, but at Globex: for Acme's application that is the same as not at all.
    bdk = await connect(pod.config("acme-bot"))

    with pytest.raises(AuthUnauthorizedError):
        await bdk.obo(**whom).session_token


async def test_application_with_a_wrong_key_is_refused(pod, connect, wiretap):
    wire = await wiretap()
    config = wire.between(pod.config("acme-bot"))
    config.app.private_key = pod.key("acme-bot")
    bdk = await connect(config)

    with pytest.raises(AuthUnauthorizedError):
        await bdk.obo(username="alice").session_token

    assert wire.exchanges == [Exchange("POST /login/pubkey/app/authenticate", 401)]


async def test_session_for_a_user_renews_itself(pod, connect, who_is, administrator):
    config = pod.config("acme-bot")
    session = (await connect(config)).obo(username="alice")
    alice = await who_is(config, session)
    old_token = await session.session_token
    admin = await administrator()

    await admin.end_all_sessions(alice.id)
    again = await who_is(config, session)

    assert again.id == alice.id
    assert await session.session_token != old_token
