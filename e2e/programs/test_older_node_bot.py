"""A bot of the older Node kit: commands, a form of its form builder, the events of rooms, on the feed of older kits."""

from conftest import HERE, WORK
from person import plain


async def test_bot_of_the_older_node_kit(person, service, run, older_config):
    bot, config = await service("Node")
    im = await person.im(bot)
    run("node", HERE / "older-node/bot.js", older_config(config), NODE_PATH=str(WORK / "older-node/node_modules"))
    first = await person.reach(im, "/hello")
    assert plain(first) == "Hello, Acme Administrator!"

    form = await person.ask(im, "/order")
    assert '<form id="order">' in form.message and form.user.user_id == bot
    assert await person.submit(im, form, action="send") == 400  # a field that must be filled in is missing
    assert await person.submit(im, form, action="send", count="12") == 200
    assert plain(await person.answer(im, form)) == "order: 12"

    room = await person.room(bot)
    added = await person.say(room, "Alice is coming")
    alice = (await person.bdk.users().list_users_by_usernames(["alice"])).users[0].id
    await person.bdk.streams().add_member_to_room(alice, room)
    assert plain(await person.answer(room, added)) == "Welcome, Alice Archer!"
