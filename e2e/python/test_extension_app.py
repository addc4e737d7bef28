"""An application inside the client and its own server find out that they belong together."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificates
from symphony.bdk.core.auth.authenticator_factory import AuthenticatorFactory
from symphony.bdk.core.auth.exception import AuthInitializationError, AuthUnauthorizedError
from symphony.bdk.core.auth.jwt_helper import create_signed_jwt_with_claims
from symphony.bdk.gen.pod_api.pod_api import PodApi
from wiretap import Exchange


@pytest.fixture
def authenticator(clients):
    async def authenticator(config):
        return AuthenticatorFactory(config, await clients(config)).get_extension_app_authenticator()

    return authenticator


async def test_application_exchanges_tokens_with_the_pod(pod, authenticator):
    apps = await authenticator(pod.config("acme-bot"))

    session = await apps.authenticate_extension_app("token-of-the-app")

    assert session.app_token == "token-of-the-app"
    assert session.symphony_token
    # Milliseconds; read as seconds this would be thousands of years away.
    assert time.time() < session.expire_at / 1000 < time.time() + 31 * 24 * 3600
    assert await apps.is_token_pair_valid("token-of-the-app", session.symphony_token)
    assert not await apps.is_token_pair_valid("token-of-another", session.symphony_token)


async def test_every_exchange_has_its_own_symphony_token(pod, authenticator):
    apps = await authenticator(pod.config("acme-bot"))

    first = await apps.authenticate_extension_app("first")
    second = await apps.authenticate_extension_app("second")

    assert first.symphony_token != second.symphony_token
    assert not await apps.is_token_pair_valid("first", second.symphony_token)


async def test_application_with_a_wrong_key_is_refused(pod, authenticator, wiretap):
    wire = await wiretap()
    config = wire.between(pod.config("acme-bot"))
    config.app.private_key = pod.key("acme-bot")
    apps = await authenticator(config)

    with pytest.raises(AuthUnauthorizedError):
        await apps.authenticate_extension_app("token-of-the-app")

    assert wire.exchanges == [Exchange("POST /login/v1/pubkey/app/authenticate/extensionApp", 401)]


async def test_unknown_application_is_refused(pod, authenticator):
    config = pod.config("acme-bot")
    config.app.app_id = "no-such-app"
    apps = await authenticator(config)

    with pytest.raises(AuthUnauthorizedError):
        await apps.authenticate_extension_app("token-of-the-app")


async def test_pod_certificate_is_one_good_certificate(pod, clients):
    answer = await PodApi((await clients(pod.config("acme-bot"))).get_pod_client()).v1_podcert_get()

    # One and not a chain: the kits decode all between the first and the last line as one.
    [certificate] = load_pem_x509_certificates(answer.certificate.encode())
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey) and key.key_size >= 2048
    assert certificate.not_valid_before_utc.timestamp() < time.time() < certificate.not_valid_after_utc.timestamp()


async def test_kit_can_check_signatures_with_the_pod_certificate(pod, authenticator):
    config = pod.config("acme-bot")
    apps = await authenticator(config)
    impostor = create_signed_jwt_with_claims(
        config.bot.private_key.get_private_key_content(), {"aud": "acme-app", "exp": int(time.time()) + 60}
    )

    with pytest.raises(AuthInitializationError) as refusal:
        await apps.validate_jwt(impostor)

    # The kit uses the same error for a certificate which it cannot read.
    assert refusal.value.message == "Unable to validate the jwt"
