"""A room bot that others have published: Minette with its adapter for Symphony, over the older Python kit."""

from conftest import HERE, WORK
from person import plain


async def test_room_bot_repeats_what_is_said_in_its_room(person, service, run, older_config):
    bot, config = await service("Echo")
    room = await person.room(bot)
    run(WORK / "room-bot/bin/python", HERE / "room_bot.py", older_config(config))
    await person.reach(room, "are you there?")

    for text in "buy 100", "sell &quot;all&quot;":
        answer = await person.ask(room, text)
        assert plain(answer) == "You said: " + text.replace("&quot;", '"')
        assert answer.user.user_id == bot and answer.user.display_name == "Echo"

    # Its answer is no MessageML: the pod refuses it, and the bot goes on.
    refused = await person.say(room, "this &amp; that")
    answer = await person.ask(room, "after that")
    assert plain(answer) == "You said: after that"

    # It hears nothing of a room that it has left, and nothing that was said meanwhile when it is back.
    await person.bdk.streams().remove_member_from_room(bot, room)
    await person.say(room, "without you")
    await person.bdk.streams().add_member_to_room(bot, room)
    answer = await person.ask(room, "with you")
    assert plain(answer) == "You said: with you"
    said = [plain(m) for m in await person.said(room, refused.timestamp)]
    assert said == ["You said: after that", "You said: with you"]
