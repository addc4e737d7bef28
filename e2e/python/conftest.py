import os
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
import service_methods
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from pod import Pod
from symphony.bdk.core.client.api_client_factory import ApiClientFactory
from symphony.bdk.core.service.session.session_service import OboSessionService
from symphony.bdk.core.symphony_bdk import SymphonyBdk
from symphony.bdk.gen.pod_api.session_api import SessionApi
from symphony.bdk.gen.pod_api.users_api import UsersApi
from wiretap import Wiretap

THE_POD = Pod(Path(os.environ["PODIUM_E2E_DATA"]))

# Certificates can be shown only over TLS. Leaving the file out is honest: a skipped test looks like
# a tested one.
collect_ignore = [] if THE_POD.uses_tls else ["test_certificate_login.py"]


service_methods.watch()


def pytest_sessionfinish(session):
    """Writes beside the report which methods of the kit were called."""
    if report := session.config.getoption("xmlpath"):
        service_methods.write(Path(report).with_name("methods.txt"))


@pytest.fixture(scope="session")
def pod() -> Pod:
    return THE_POD


@pytest_asyncio.fixture
async def opened():
    """Whatever a test opens is closed after it."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def connect(opened):
    """Opens the kit with a configuration: `bdk = await connect(config)`."""

    async def connect(config) -> SymphonyBdk:
        return await opened.enter_async_context(SymphonyBdk(config))

    return connect


@pytest.fixture
def clients(opened):
    """Opens the kit's low-level clients, for operations which the kit generates but has no helper for."""

    async def clients(config) -> ApiClientFactory:
        factory = ApiClientFactory(config)
        opened.push_async_callback(factory.close_clients)
        return factory

    return clients


@pytest.fixture
def who_is(clients):
    """Asks the pod whose on-behalf-of session this is. The kit's OboServices leave this one service out."""

    async def who_is(config, session):
        pod_client = (await clients(config)).get_pod_client()
        return await OboSessionService(SessionApi(pod_client), session, config.retry).get_session()

    return who_is


@pytest.fixture
def wiretap(pod, opened):
    """Starts listening between a kit and Acme."""

    async def wiretap() -> Wiretap:
        return await opened.enter_async_context(Wiretap(pod.acme_url, pod.authority))

    return wiretap


@pytest.fixture
def administrator(pod, connect, clients):
    """Logs Acme's administrator in: `admin = await administrator()`."""

    async def administrator() -> Administrator:
        config = pod.config("acme-admin")
        bdk = await connect(config)
        factory = await clients(config)
        return Administrator(await bdk.bot_session().session_token, UsersApi(factory.get_pod_client()))

    return administrator


@pytest.fixture
def admin(pod, connect):
    """The user service of Acme's administrator: `users = await admin()`."""

    async def admin():
        return (await connect(pod.config("acme-admin"))).users()

    return admin


@pytest.fixture
def public_key(pod):
    """The public half of acme-bot's key, for accounts of a test's own to log in with."""
    with open(pod.key("acme-bot").path, "rb") as file:
        private = load_pem_private_key(file.read(), None)
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def login(pod, connect):
    """Logs an account of a test's own in: `bdk = await login(username)`."""

    async def login(username):
        config = pod.config("acme-bot")
        config.bot.username = username
        bdk = await connect(config)
        await bdk.bot_session().session_token
        return bdk

    return login


class Administrator:
    """Sees and ends the sessions of others. The kit generates these operations but has no service for them."""

    def __init__(self, token: str, users: UsersApi):
        self._token = token
        self._users = users

    async def sessions_of(self, user_id: int) -> list:
        return (await self._users.v1_users_uid_sessions_get(uid=str(user_id), session_token=self._token)).sessions

    async def end_session(self, user_id: int, session_id: str) -> None:
        await self._users.v1_users_uid_sessions_sid_logout_post(
            uid=str(user_id), sid=session_id, session_token=self._token
        )

    async def end_all_sessions(self, user_id: int) -> None:
        await self._users.v1_users_uid_sessions_logout_post(uid=str(user_id), session_token=self._token)
