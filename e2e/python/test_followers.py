"""Users follow users; who follows whom is listed page by page."""

import pytest
from accounts import a_person
from symphony.bdk.gen.exceptions import ApiException


def plain(ids) -> list:
    """A list of ids, which the older kit wraps twice."""
    return [getattr(one, "value", one) for one in getattr(ids, "value", ids)]


@pytest.fixture
def people(admin):
    """Makes people of Acme: `ids = await people(3)`."""

    async def people(count) -> list:
        users = await admin()
        return [(await users.create(a_person())).user_system_info.id for _ in range(count)]

    return people


async def test_followers_come_and_go(admin, people):
    users = await admin()
    star, one, two = await people(3)

    await users.follow_user([two, one, two, star], star)  # no user follows twice, or follows themselves

    followers = await users.list_user_followers(star)
    assert (followers.count, plain(followers.followers)) == (2, [two, one])
    following = await users.list_users_following(one)
    assert (following.count, plain(following.following)) == (1, [star])
    await users.unfollow_user([two], star)
    await users.unfollow_user([two], star)
    assert plain((await users.list_user_followers(star)).followers) == [one]
    nothing = await users.list_users_following(two)
    assert (nothing.count, plain(nothing.following)) == (0, [])


async def test_lists_are_read_to_the_last_page(admin, people):
    users = await admin()
    star, *fans = await people(6)
    await users.follow_user(fans, star)
    for fan in fans[1:]:
        await users.follow_user([fans[0]], fan)

    for chunk in (1, 2, 5, 6):
        assert [id async for id in await users.list_all_user_followers(star, chunk_size=chunk)] == fans
        assert [id async for id in await users.list_all_users_following(fans[0], chunk_size=chunk)] == [star, *fans[1:]]
    assert [id async for id in await users.list_all_user_followers(star, chunk_size=2, max_number=3)] == fans[:3]
    assert [id async for id in await users.list_all_users_following(star)] == []


async def test_cursors_lead_there_and_back(admin, people):
    users = await admin()
    star, *fans = await people(6)
    await users.follow_user(fans, star)

    page = await users.list_user_followers(star, limit=2, after="2")

    assert plain(page.followers) == fans[2:4]
    assert (page.count, page.pagination.cursors.before, page.pagination.cursors.after) == (5, "2", "4")
    before = await users.list_user_followers(star, limit=2, before=page.pagination.cursors.before)
    assert plain(before.followers) == fans[:2]
    last = await users.list_user_followers(star, limit=2, after=page.pagination.cursors.after)
    assert plain(last.followers) == fans[4:]
    assert not getattr(last.pagination.cursors, "after", None)


async def test_whom_nobody_knows_is_named_and_the_others_follow(admin, people):
    users = await admin()
    star, fan = await people(2)
    unknown = fan + 1_000_000

    with pytest.raises(ApiException) as refused:
        await users.follow_user([unknown, fan], star)

    assert refused.value.status == 400
    assert str(unknown) in refused.value.body and str(fan) not in refused.value.body
    assert plain((await users.list_user_followers(star)).followers) == [fan]


async def test_an_application_has_its_user_follow_and_no_other(pod, connect, admin, people):
    [star, other] = await people(2)
    bdk = await connect(pod.config("acme-bot"))
    session = bdk.obo(username="alice")
    alice = (await bdk.users().list_users_by_usernames(["alice"])).users[0].id
    users = bdk.obo_services(session).users()

    await users.follow_user([alice], star)

    assert plain((await (await admin()).list_user_followers(star)).followers) == [alice]
    with pytest.raises(ApiException) as refused:
        await users.follow_user([other], star)
    assert refused.value.status == 403
    await users.unfollow_user([alice], star)
    assert plain((await (await admin()).list_user_followers(star)).followers) == []


async def test_a_bot_has_nobody_follow(pod, connect, people):
    star, fan = await people(2)
    users = (await connect(pod.config("acme-bot"))).users()

    with pytest.raises(ApiException) as refused:
        await users.follow_user([fan], star)
    assert refused.value.status == 403
    assert plain((await users.list_user_followers(star)).followers) == []
