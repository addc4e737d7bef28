"""A person who says things, submits forms, and reads what is answered."""

import asyncio
import re
import ssl
import time
import uuid
from html import unescape

import aiohttp
from symphony.bdk.gen.pod_model.v3_room_attributes import V3RoomAttributes

PATIENCE = 60  # seconds; a program starts while other suites run


class Person:
    def __init__(self, bdk, url, authority):
        self.bdk = bdk
        self._url = url
        self._tls = ssl.create_default_context(cafile=authority)

    async def im(self, user_id):
        return (await self.bdk.streams().create_im(user_id)).id

    async def room(self, *members):
        name = f"A room {uuid.uuid4()}"
        made = await self.bdk.streams().create_room(V3RoomAttributes(name=name, description="For programs"))
        for member in members:
            await self.bdk.streams().add_member_to_room(member, made.room_system_info.id)
        return made.room_system_info.id

    async def say(self, stream, text):
        return await self.bdk.messages().send_message(stream, f"<messageML>{text}</messageML>")

    async def said(self, stream, since=0):
        """What others have said in a stream, the oldest first."""
        me = (await self.bdk.sessions().get_session()).id
        messages = await self.bdk.messages().list_messages(stream, since=since, limit=500)
        return [m for m in reversed(messages) if m.user.user_id != me]

    async def ask(self, stream, text):
        """Says something and returns the first answer."""
        asked = await self.say(stream, text)
        return await self.answer(stream, asked)

    async def answer(self, stream, asked):
        """The first thing that others have said since, when they have."""
        for _ in range(PATIENCE * 10):
            said = [m for m in await self.said(stream, asked.timestamp) if m.message_id != asked.message_id]
            if said:
                return said[0]
            await asyncio.sleep(0.1)
        raise AssertionError(f"no answer to {plain(asked)!r}")

    async def reach(self, stream, greeting, answered_in=None):
        """Greets a program until it answers, because nothing tells when its feed has begun, and waits until it has answered all.

        The answer comes in the same stream, or in that of another person: (person, stream). Returns the first one.
        """
        reader, there = answered_in or (self, stream)
        begin, deadline = int(time.time() * 1000) - 1, time.monotonic() + PATIENCE
        answers = []
        while not answers:
            assert time.monotonic() < deadline, "the program does not answer"
            await self.say(stream, greeting)
            for _ in range(10):
                await asyncio.sleep(0.1)
                if answers := await reader.said(there, begin):
                    break
        await settle(lambda: reader.said(there, begin))
        return answers[0]

    async def submit(self, stream, form, **values):
        """Submits the form of a message, as a person's client does, and returns the status of the answer."""
        form_id = re.search(r'<form id="([^"]*)"', form.message)[1]
        url = f"{self._url}/podium/v1/stream/{stream}/message/{form.message_id}/form/submit"
        headers = {"sessionToken": await self.bdk.bot_session().session_token}
        body = {"formId": form_id, "formValues": values}
        async with aiohttp.ClientSession() as http, http.post(url, json=body, headers=headers, ssl=self._tls) as answer:
            return answer.status


async def settle(read):
    """Waits until what is read stays the same for a second."""
    last = await read()
    while True:
        await asyncio.sleep(1)
        now = await read()
        if len(now) == len(last):
            return
        last = now


def plain(message):
    """The text of a message."""
    return unescape(re.sub(r"<[^>]*>", "", message.message)).strip()
