"""A bot tells what commands it understands."""

import json

import pytest
from accounts import a_service
from symphony.bdk.gen.exceptions import ApiException

COMMANDS = {"commands": [{"name": "Buy", "desc": "Buys shares ✓", "example": "/buy 10", "args": []}]}


@pytest.fixture
def a_bot(admin, public_key, login):
    """The user service of a bot that is new: `users = await a_bot()`."""

    async def a_bot():
        made = await (await admin()).create(a_service(public_key))
        return (await login(made.user_attributes.user_name)).users()

    return a_bot


async def test_a_manifest_is_kept_as_it_is_given(a_bot):
    users, other = await a_bot(), await a_bot()
    assert (await users.get_manifest()).manifest == ""
    text = json.dumps(COMMANDS, indent=2, ensure_ascii=False)

    await users.update_manifest_from_json(text)

    assert (await users.get_manifest()).manifest == text
    assert (await other.get_manifest()).manifest == ""
    await users.update_manifest_from_json("{}")
    assert (await users.get_manifest()).manifest == "{}"


async def test_a_manifest_is_read_from_a_file(pod, connect, admin, public_key, tmp_path):
    made = await (await admin()).create(a_service(public_key))
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(COMMANDS), encoding="utf-8")
    config = pod.config("acme-bot")
    config.bot.username = made.user_attributes.user_name
    config.manifest = str(file)
    users = (await connect(config)).users()

    await users.update_manifest_from_file()

    assert json.loads((await users.get_manifest()).manifest) == COMMANDS


async def test_what_is_no_json_is_refused(a_bot):
    users = await a_bot()
    await users.update_manifest_from_json("{}")

    with pytest.raises(ApiException) as refused:
        await users.update_manifest_from_json("{'commands': []}")

    assert refused.value.status == 400
    assert (await users.get_manifest()).manifest == "{}"
