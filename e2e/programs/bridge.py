"""A bridge of the chat library chatom: it carries what is said in a room of one company to a room of the other, and back.

    bridge.py ENDS     # JSON: for each end its name, the room, and the options of chatom's SymphonyConfig
"""

import asyncio
import json
import sys

from chatom.bridge import MessageBridge
from chatom.format import Format
from chatom.symphony import SymphonyBackend, SymphonyConfig


async def carry(end, source, other_end, dest):
    bridge = MessageBridge(
        source, dest, source_name=end["name"], channels={end["room"]: other_end["room"]}, attribution_format="{name} of {source}: "
    )
    async for message in source.stream_messages(end["room"]):
        message.content = message.to_formatted().render(Format.PLAINTEXT)
        await bridge.forward(message)


async def main(one, other):
    first, second = (SymphonyBackend(config=SymphonyConfig(**end["config"])) for end in (one, other))
    await first.connect()
    await second.connect()
    await asyncio.gather(carry(one, first, other, second), carry(other, second, one, first))


with open(sys.argv[1]) as file:
    asyncio.run(main(*json.load(file)))
