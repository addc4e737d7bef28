"""A workflow bot of the official Java kit's starter for Spring Boot: a command, a form, a decision."""

import asyncio
import json

from conftest import WORK
from person import PATIENCE, plain


async def test_workflow_is_decided_by_a_form(person, service, run):
    bot, config = await service("Approvals")
    im = await person.im(bot)
    classes = WORK / "workflow"
    options = {
        "bdk": {
            "host": config.host, "port": config.port, "scheme": config.scheme,
            "bot": {"username": config.bot.username, "privateKey": {"path": config.bot.private_key.path}},
            "ssl": {"trustStore": {"path": str(config.ssl.trust_store_path).replace("ca.pem", "truststore.p12"), "password": "changeit"}},
        }
    }
    java = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{classes}/classes:{(classes / 'classpath').read_text()}"]
    run("java", *java, "podium.e2e.WorkflowBot", SPRING_APPLICATION_JSON=json.dumps(options))
    assert plain(await person.reach(im, "are you there?")) == "I am here."

    room = await person.room()
    begin = await person.say(room, "the bot is coming")
    await person.bdk.streams().add_member_to_room(bot, room)
    assert plain(await person.answer(room, begin)) == "The approvals of this room are mine."

    form = await person.ask(room, f'<mention uid="{bot}"/> /approve 100 bonds')
    assert "Do you approve 100 bonds?" in form.message and form.user.display_name == "Approvals"
    assert await person.submit(room, form, action="other") == 400  # no button of the form
    assert await person.submit(room, form, action="approve", remark="today") == 200

    decided = await current(person, form)
    assert plain(decided) == "100 bonds: approved by Acme Administrator (today)"
    assert decided.initial_message_id == form.message_id and decided.user.user_id == bot


async def current(person, message):
    """The message that replaces one, when there is one."""
    for _ in range(PATIENCE * 10):
        replaced = (await person.bdk.messages().get_message(message.message_id)).replaced_by
        if replaced:
            return await person.bdk.messages().get_message(replaced)
        await asyncio.sleep(0.1)
    raise AssertionError("the message is not replaced")
