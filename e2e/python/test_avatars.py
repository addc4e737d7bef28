"""A picture is put in, listed, and read at the addresses that the pod tells."""

import base64
import ssl
import struct
import zlib
from urllib.parse import urljoin

import aiohttp
import pytest
from accounts import a_person, a_service, plain
from symphony.bdk.gen.exceptions import ApiException


def a_picture(width=20, height=10, colour=(200, 30, 30)) -> bytes:
    """A PNG of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def fetch(pod):
    """Reads what a picture's address leads to, with no session: `status, size = await fetch(url)`."""

    async def fetch(url):
        # Addresses are relative to where the operations are.
        async with aiohttp.ClientSession() as http, http.get(urljoin(pod.acme_url + "/pod/", url), ssl=tls(pod)) as answer:
            if answer.status != 200:
                return answer.status, None
            assert answer.content_type == "image/png"
            content = await answer.read()
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            return answer.status, struct.unpack(">II", content[16:24])

    return fetch


def tls(pod):
    """Whom to trust where the pod speaks https."""
    return ssl.create_default_context(cafile=pod.authority) if pod.authority else True


@pytest.mark.parametrize("as_given", [bytes, lambda picture: base64.b64encode(picture).decode()], ids=["bytes", "base64"])
async def test_a_picture_is_read_in_every_size(admin, fetch, as_given):
    users = await admin()
    user_id = (await users.create(a_person())).user_system_info.id
    assert plain(await users.get_avatar(user_id)) == []

    await users.update_avatar(user_id, as_given(a_picture()))

    avatars = {avatar.size: avatar.url for avatar in plain(await users.get_avatar(user_id))}
    assert {size: await fetch(url) for size, url in avatars.items()} == {
        "600": (200, (600, 600)),
        "500": (200, (500, 500)),
        "150": (200, (150, 150)),
        "50": (200, (50, 50)),
        "orig": (200, (20, 10)),
    }
    [user] = (await users.list_users_by_ids([user_id])).users
    shown = {avatar.size: avatar.url for avatar in plain(user.avatars)}
    assert shown == {"original": avatars["orig"], "small": avatars["50"]}


async def test_another_picture_takes_its_place(admin, fetch):
    users = await admin()
    user_id = (await users.create(a_person())).user_system_info.id
    await users.update_avatar(user_id, a_picture())
    before = {avatar.size: avatar.url for avatar in plain(await users.get_avatar(user_id))}

    await users.update_avatar(user_id, a_picture(30, 40))

    after = {avatar.size: avatar.url for avatar in plain(await users.get_avatar(user_id))}
    assert await fetch(after["orig"]) == (200, (30, 40))
    assert await fetch(before["orig"]) == (404, None)


async def test_who_has_no_picture_is_shown_the_stand_in(admin, fetch):
    users = await admin()
    user_id = (await users.create(a_person())).user_system_info.id

    [user] = (await users.list_users_by_ids([user_id])).users

    shown = {avatar.size: await fetch(avatar.url) for avatar in plain(user.avatars)}
    assert shown == {"original": (200, (150, 150)), "small": (200, (50, 50))}


async def test_a_bot_changes_its_own_picture_and_no_other(admin, public_key, login, fetch):
    made = await (await admin()).create(a_service(public_key))
    other = await (await admin()).create(a_person())
    bdk = await login(made.user_attributes.user_name)

    await bdk.users().update_avatar(made.user_system_info.id, a_picture())

    shown = {avatar.size: avatar.url for avatar in plain((await bdk.sessions().get_session()).avatars)}
    assert await fetch(shown["original"]) == (200, (20, 10))
    with pytest.raises(ApiException) as refused:
        await bdk.users().update_avatar(other.user_system_info.id, a_picture())
    assert refused.value.status == 403


async def test_what_is_no_picture_is_refused(admin):
    users = await admin()
    user_id = (await users.create(a_person())).user_system_info.id

    for image in (b"no picture", a_picture()[:-30], "%%%"):
        with pytest.raises(ApiException) as refused:
            await users.update_avatar(user_id, image)
        assert refused.value.status == 400
    assert plain(await users.get_avatar(user_id)) == []
