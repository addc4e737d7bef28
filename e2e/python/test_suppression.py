"""Messages are suppressed by who has written them, and by who manages content."""

import pytest
import pytest_asyncio
from symphony.bdk.gen.agent_model.share_article import ShareArticle
from symphony.bdk.gen.agent_model.share_content import ShareContent
from symphony.bdk.gen.exceptions import ApiException


@pytest_asyncio.fixture
async def bot(pod, connect):
    return await connect(pod.config("acme-bot"))


@pytest_asyncio.fixture
async def manager(pod, connect):
    return (await connect(pod.config("acme-admin"))).messages()


@pytest_asyncio.fixture
async def alice(bot):
    return bot.obo_services(bot.obo(username="alice"))


@pytest_asyncio.fixture
async def im(bot):
    [alice] = (await bot.users().list_users_by_usernames(["alice"])).users
    return (await bot.streams().create_im(alice.id)).id


async def say(sender, stream) -> str:
    article = ShareArticle(title="T", publisher="P", author="A", app_id="ticker", article_id="7")
    return (await sender.streams().share(stream, ShareContent(type="com.symphony.sharing.article", content=article))).id


async def refused(call) -> int:
    with pytest.raises(ApiException) as refusal:
        await call
    return refusal.value.status


async def test_own_message_is_suppressed_once(bot, im):
    message = await say(bot, im)
    assert (await bot.messages().get_message_status(message)).sent

    first = await bot.messages().suppress_message(message)
    second = await bot.messages().suppress_message(message)

    assert (first.message_id, first.suppressed, second.suppressed) == (message, True, True)
    assert first.suppression_date > 0 and second.suppression_date == 0
    assert (await bot.messages().get_message_status(message)).sent == []


async def test_app_suppresses_what_its_user_has_said(bot, alice, im):
    hers, other = await say(alice, im), await say(bot, im)

    assert (await alice.messages().suppress_message(hers)).suppressed
    assert await refused(alice.messages().suppress_message(other)) == 403


async def test_content_manager_suppresses_anything(bot, alice, manager, im):
    message = await say(alice, im)
    assert await refused(bot.messages().suppress_message(message)) == 403

    assert (await manager.suppress_message(message)).suppression_date > 0


async def test_unknown_message_is_not_suppressed(bot, im):
    message = await say(bot, im)

    assert await refused(bot.messages().suppress_message(message[:-6] + "AAAAbQ")) == 400
