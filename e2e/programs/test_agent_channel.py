"""An AI agent's channel that others have published: chatom's MCP server. The test is the agent that uses its tools."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError
from person import plain


@asynccontextmanager
async def channel(options, folder):
    """Runs the server by the command of its package, as an agent's host does."""
    settings = [f"+backends.symphony.config.{name}={value}" for name, value in options.items()]
    command = Path(sys.executable).with_name("chatom-mcp")
    transport = StdioTransport(
        str(command), ["+gateway=symphony", *settings], env={"SYMPHONY_BOT_KEY": "", "FASTMCP_CHECK_FOR_UPDATES": "off"}, cwd=str(folder), log_file=folder / "log"
    )
    async with Client(transport) as client:

        async def use(tool, **arguments):
            answer = await client.call_tool(tool, arguments)
            return answer.structured_content["result"] if "result" in (answer.structured_content or {}) else answer.structured_content

        yield use


async def test_agent_reads_and_answers(person, service, chatom_config, tmp_path):
    bot, config = await service("Agent")
    room = await person.room(bot)
    name = (await person.bdk.streams().get_room_info(room)).room_attributes.name
    apart = await person.room()
    with open(tmp_path / "prices.csv", "wb") as file:
        file.write(b"bond;price\n")
    async with channel(chatom_config(config), tmp_path) as use:
        me = await use("get_bot_info")
        assert (me["id"], me["name"], me["handle"]) == (str(bot), "Agent", config.bot.username)

        found = await use("lookup_channel", channel={"name": name})
        assert found["id"] == room
        members = {int(member["id"]) for member in await use("get_channel_members", channel={"id": room})}
        admin = (await person.bdk.sessions().get_session()).id
        assert members == {bot, admin}
        alice = await use("lookup_user", user={"handle": "alice"})
        assert (alice["name"], alice["email"]) == ("Alice Archer", "alice@acme.example")
        assert (await use("lookup_user", user={"email": "alice@acme.example"}))["id"] == alice["id"]

        asked = await person.say(room, f'<mention uid="{bot}"/> what is 6 &#215; 7?')
        await person.say(apart, "not for agents")
        history = await use("read_channel_history", channel={"id": room}, limit=5)
        assert history[0]["id"] == asked.message_id and "what is 6 × 7?" in history[0]["content"]
        assert int(history[0]["author"]["id"]) == admin
        sent = await use("send_message", channel={"name": name}, content="It is <b>42</b> &amp; no less")
        answer = await person.answer(room, asked)
        assert plain(answer) == "It is 42 & no less" and answer.message_id == sent["id"] and answer.user.user_id == bot

        with open(tmp_path / "prices.csv", "rb") as file:
            with_file = await person.bdk.messages().send_message(room, "<messageML>prices</messageML>", attachment=[file])
        [file] = await use("list_recent_attachments", channel={"id": room})
        assert (file["message_id"], file["filename"], file["size"]) == (with_file.message_id, "prices.csv", 11)

        # What the pod refuses is an error of the tool.
        for tool, arguments in {"read_channel_history": {}, "send_message": {"content": "hello"}}.items():
            with pytest.raises(ToolError):
                await use(tool, channel={"id": apart}, **arguments)
        with pytest.raises(ToolError, match="400"):
            await use("send_message", channel={"id": room}, content="<blink>hello</blink>")
        assert [plain(m) for m in await person.said(apart)] == []
