"""What a company decides about links and files. The kit generates these operations, and has no services for them."""

import uuid

import pytest
import pytest_asyncio
from accounts import plain
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.default_api import DefaultApi
from symphony.bdk.gen.pod_api.pod_api import PodApi
from symphony.bdk.gen.pod_api.system_api import SystemApi
from symphony.bdk.gen.pod_model.file_extension import FileExtension
from symphony.bdk.gen.pod_model.protocol import Protocol


class Caller:
    """The generated operations with a user's session."""

    def __init__(self, client, token):
        self.token = token
        self.system, self.pod, self.files = SystemApi(client), PodApi(client), DefaultApi(client)
        client.set_default_header("sessionToken", token)  # the description of one operation has forgotten it


@pytest.fixture
def caller(pod, connect, clients):
    async def caller(name):
        config = pod.config(name)
        token = await (await connect(config)).bot_session().session_token
        return Caller((await clients(config)).get_pod_client(), token)

    return caller


@pytest_asyncio.fixture
async def admin(caller):
    return await caller("acme-admin")


@pytest_asyncio.fixture
async def bot(caller):
    return await caller("acme-bot")


async def refused(call) -> int:
    with pytest.raises(ApiException) as refusal:
        await call
    return refusal.value.status


async def test_a_scheme_is_allowed_and_disallowed(admin, bot):
    scheme = "x" + uuid.uuid4().hex

    made = await admin.system.v1_admin_system_protocols_post(admin.token, Protocol(scheme=scheme.upper()))

    assert made.scheme == scheme
    everything = plain(await bot.system.v1_admin_system_protocols_list_get(bot.token))
    assert scheme in everything and "https" in everything and everything == sorted(everything)
    paged = plain(await bot.system.v2_system_protocols_get(bot.token, skip=everything.index(scheme), limit=1))
    assert paged == [scheme]
    assert await refused(bot.system.v1_admin_system_protocols_scheme_delete(bot.token, scheme)) == 403

    await admin.system.v1_admin_system_protocols_scheme_delete(admin.token, scheme)

    assert scheme not in plain(await bot.system.v2_system_protocols_get(bot.token))
    assert await refused(admin.system.v1_admin_system_protocols_scheme_delete(admin.token, scheme)) == 400


async def test_what_is_no_scheme_is_refused(admin, bot):
    assert await refused(admin.system.v1_admin_system_protocols_post(admin.token, Protocol(scheme="1 2"))) == 400
    assert await refused(admin.system.v1_admin_system_protocols_post(admin.token, Protocol(scheme="javascript"))) == 400
    assert await refused(bot.system.v1_admin_system_protocols_post(bot.token, Protocol(scheme="sip"))) == 403


async def test_a_type_of_files_is_allowed_and_removed(admin, bot):
    extension = "." + uuid.uuid4().hex
    wanted = FileExtension(extension=extension, scope_internal=True, scope_external=False)

    made = await admin.files.put_allowed_file_extension(admin.token, extension, wanted)

    assert (made.extension, made.scope_internal, made.scope_external, made.source) == (extension, True, False, "CUSTOMER")
    assert extension in plain(await bot.pod.v1_files_allowed_types_get(bot.token))
    wanted.scope_internal, wanted.scope_external = False, True
    assert (await admin.files.put_allowed_file_extension(admin.token, extension[1:].upper(), wanted)).scope_external
    assert extension not in plain(await bot.pod.v1_files_allowed_types_get(bot.token))
    assert extension in [one.extension for one in await everything(bot)]
    assert await refused(bot.files.delete_allowed_file_extension(bot.token, extension)) == 403

    await admin.files.delete_allowed_file_extension(admin.token, extension)

    assert extension not in [one.extension for one in await everything(bot)]
    await admin.files.delete_allowed_file_extension(admin.token, extension)  # none is there, which is no error


async def everything(caller) -> list:
    """All types of files in one page: the newer kit drops the member that leads to the next, which has no published form."""
    all = (await caller.files.list_allowed_file_extensions(limit=500)).data
    names = [one.extension for one in all]
    assert names == sorted(set(names))
    return all


async def test_what_the_product_does_not_know_is_not_its_own(admin):
    extension = "." + uuid.uuid4().hex
    claimed = FileExtension(extension=extension, scope_internal=True, source="SYSTEM")
    other = FileExtension(extension=".other", scope_internal=True)

    assert await refused(admin.files.put_allowed_file_extension(admin.token, extension, claimed)) == 400
    assert await refused(admin.files.put_allowed_file_extension(admin.token, extension, other)) == 400


async def test_languages_take_no_session(pod, clients):
    languages = await PodApi((await clients(pod.config("acme-bot"))).get_pod_client()).v1_languages_get()

    assert "en" in plain(languages.languages)


async def test_types_of_files_are_listed_by_the_kit(pod, connect):
    bdk = await connect(pod.config("acme-bot"))

    types = plain(await bdk.messages().get_attachment_types())

    assert ".pdf" in types and ".exe" not in types


async def test_an_app_reads_them_for_its_user(pod, connect, bot):
    """By the generated operations: the service for it calls the kit's client in place of the kit's operation."""
    alice = await (await connect(pod.config("acme-bot"))).obo(username="alice").session_token

    assert ".pdf" in plain(await bot.pod.v1_files_allowed_types_get(alice))
    assert "https" in plain(await bot.system.v1_admin_system_protocols_list_get(alice))
