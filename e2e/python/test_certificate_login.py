"""Login by TLS client certificate. Collected only where the pod speaks TLS."""

import pytest
from pod import ACME_POD_ID, GLOBEX_POD_ID, pod_id
from symphony.bdk.core.auth.authenticator_factory import AuthenticatorFactory
from symphony.bdk.core.auth.exception import AuthUnauthorizedError
from symphony.bdk.core.config.model.bdk_rsa_key_config import BdkRsaKeyConfig
from symphony.bdk.gen.auth_api.certificate_authentication_api import CertificateAuthenticationApi
from symphony.bdk.gen.auth_api.certificate_pod_api import CertificatePodApi
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.pod_api import PodApi
from symphony.bdk.gen.pod_api.session_api import SessionApi
from tokens import claims

BY_CERTIFICATE = "acme-bot-certificate"


def globex_bot_by_certificate(pod):
    config = pod.config("globex-bot")
    config.bot.private_key = BdkRsaKeyConfig()
    config.bot.certificate.path = pod.certificate("globex-bot")
    return config


async def test_bot_logs_in_by_certificate(pod, connect):
    bdk = await connect(pod.config(BY_CERTIFICATE))

    info = await bdk.sessions().get_session()

    assert info.username == "acme-bot"
    assert pod_id(info.id) == ACME_POD_ID
    assert claims(await bdk.bot_session().session_token)["userId"] == str(info.id)


async def test_certificate_and_key_name_the_same_account(pod, connect):
    by_certificate = await connect(pod.config(BY_CERTIFICATE))
    by_key = await connect(pod.config("acme-bot"))

    assert (await by_certificate.sessions().get_session()).id == (await by_key.sessions().get_session()).id


async def test_certificate_opens_the_key_manager_too(pod, connect):
    session = (await connect(pod.config(BY_CERTIFICATE))).bot_session()

    token = await session.key_manager_token

    assert token and token != await session.session_token


async def test_bot_logs_in_again_by_itself(pod, connect, administrator):
    bdk = await connect(pod.config(BY_CERTIFICATE))
    before = await bdk.sessions().get_session()
    old_token = await bdk.bot_session().session_token
    admin = await administrator()

    await admin.end_all_sessions(before.id)

    assert (await bdk.sessions().get_session()).id == before.id
    assert await bdk.bot_session().session_token != old_token


async def test_without_a_certificate_nobody_logs_in(pod, clients):
    # A client for the same address, made by the kit without the certificate.
    bare = (await clients(pod.config("acme-bot"))).get_client("/sessionauth")

    with pytest.raises(ApiException) as refusal:
        await CertificateAuthenticationApi(bare).v1_authenticate_post()

    assert refusal.value.status == 401


async def test_certificate_of_another_company_is_good_only_there(pod, connect):
    at_home = await connect(globex_bot_by_certificate(pod))
    info = await at_home.sessions().get_session()
    assert (info.username, pod_id(info.id)) == ("globex-bot", GLOBEX_POD_ID)

    config = pod.config(BY_CERTIFICATE)
    config.bot.certificate.path = pod.certificate("globex-bot")
    abroad = await connect(config)
    with pytest.raises(AuthUnauthorizedError):
        await abroad.sessions().get_session()


async def test_certificate_of_an_application_is_no_bot(pod, connect):
    config = pod.config(BY_CERTIFICATE)
    config.bot.certificate.path = pod.certificate("acme-app")
    bdk = await connect(config)

    # 401 and 403 are both documented answers; the kit makes different errors of them.
    with pytest.raises((AuthUnauthorizedError, ApiException)) as refusal:
        await bdk.sessions().get_session()

    assert getattr(refusal.value, "status", 401) in (401, 403)


async def test_application_acts_for_a_user(pod, connect, who_is):
    config = pod.config(BY_CERTIFICATE)
    bdk = await connect(config)

    by_name = await who_is(config, bdk.obo(username="alice"))
    by_id = await who_is(config, bdk.obo(user_id=by_name.id))

    assert (by_name.username, by_name.email_address) == ("alice", "alice@acme.example")
    assert by_id.id == by_name.id


@pytest.mark.parametrize("username", ["carol", "unknown"])
async def test_person_who_has_not_installed_it_is_out_of_reach(pod, connect, username):
    bdk = await connect(pod.config(BY_CERTIFICATE))

    # Of an unknown name the old operations may also say 404.
    with pytest.raises((AuthUnauthorizedError, ApiException)) as refusal:
        await bdk.obo(username=username).session_token

    assert getattr(refusal.value, "status", 401) in (401, 403, 404)


async def test_extension_application_logs_in_by_certificate(pod, clients):
    config = pod.config(BY_CERTIFICATE)
    apps = AuthenticatorFactory(config, await clients(config)).get_extension_app_authenticator()

    session = await apps.authenticate_extension_app("token-of-the-app")

    assert session.app_token == "token-of-the-app"
    assert await apps.is_token_pair_valid("token-of-the-app", session.symphony_token)


async def test_pod_certificate_is_the_same_on_both_ways(pod, clients):
    factory = await clients(pod.config(BY_CERTIFICATE))

    by_certificate = await CertificatePodApi(factory.get_app_session_auth_client()).v1_app_pod_certificate_get()
    by_key = await PodApi(factory.get_pod_client()).v1_podcert_get()

    assert by_certificate.certificate.strip() == by_key.certificate.strip()


async def test_logout_ends_the_session(pod, connect, clients):
    config = pod.config(BY_CERTIFICATE)
    factory = await clients(config)
    token = await (await connect(config)).bot_session().session_token

    farewell = await CertificateAuthenticationApi(factory.get_session_auth_client()).v1_logout_post(session_token=token)

    assert farewell.message
    with pytest.raises(ApiException) as refusal:
        await SessionApi(factory.get_pod_client()).v2_sessioninfo_get(session_token=token)
    assert refusal.value.status == 401
