"""A bridge that others have published: chatom carries what is said between the rooms of two companies."""

import asyncio
import json
import sys

from conftest import HERE
from person import PATIENCE, plain, settle


async def test_bridge_carries_what_is_said(people, service, run, chatom_config, tmp_path):
    ends, bots, rooms = [], {}, {}
    for company, person in people.items():
        bots[company], config = await service(f"Bridge of {company}", company)
        rooms[company] = await person.room(bots[company])
        ends.append({"name": company.title(), "room": rooms[company], "config": chatom_config(config)})
    (tmp_path / "ends.json").write_text(json.dumps(ends))
    run(sys.executable, HERE / "bridge.py", tmp_path / "ends.json")
    acme, globex = people["acme"], people["globex"]
    await acme.reach(rooms["acme"], "is there a bridge?", answered_in=(globex, rooms["globex"]))
    await globex.reach(rooms["globex"], "is there a bridge?", answered_in=(acme, rooms["acme"]))

    apart = await acme.room(bots["acme"])  # the bridge's bot hears it, the bridge does not carry it
    begin = (await acme.say(apart, "between us")).timestamp
    for number in range(5):
        await acme.say(rooms["acme"], f"<b>offer</b> {number} &lt; 10 &amp; 100 <hash tag=\"bonds\"/>")
    await globex.say(rooms["globex"], "done, ☃ &quot;all&quot;")

    carried = [f"Acme Administrator of Acme: offer {number} < 10 & 100 #bonds" for number in range(5)]
    # The Python kit handles events side by side, so their order is not kept.
    assert sorted(plain(m) for m in await until(5, lambda: globex.said(rooms["globex"], begin))) == carried
    [back] = await until(1, lambda: acme.said(rooms["acme"], begin))
    assert plain(back) == 'Globex Administrator of Globex: done, ☃ "all"' and back.user.user_id == bots["acme"]
    assert await acme.said(apart, begin) == []


async def until(count, read):
    """What is read when there is so much of it, and a second later no more."""
    for _ in range(PATIENCE * 10):
        if len(await read()) >= count:
            break
        await asyncio.sleep(0.1)
    await settle(read)
    return await read()
