"""People are searched by the kit's user service: who is found, by what, and how much of a stranger is told."""

import uuid

import pytest
from accounts import a_person
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.user_search_filter import UserSearchFilter
from symphony.bdk.gen.pod_model.user_search_query import UserSearchQuery
from symphony.bdk.gen.pod_model.user_status import UserStatus

try:
    from symphony.bdk.gen.pod_model.string_list import StringList
except ModuleNotFoundError:  # the newer kit takes lists as they are
    StringList = list


@pytest.fixture
def surname() -> str:
    """A new surname, so that a test finds its own people."""
    return "Qq" + uuid.uuid4().hex


@pytest.fixture
def bot(pod, connect):
    """The user service of acme-bot, which holds no right of an administrator."""

    async def bot():
        return (await connect(pod.config("acme-bot"))).users()

    return bot


@pytest.fixture
def stranger(pod, connect):
    """Makes a person of Globex."""

    async def stranger(**attributes):
        users = (await connect(pod.config("globex-admin"))).users()
        return await users.create(a_person(domain="globex.example", **attributes))

    return stranger


def called(first, last, **attributes):
    return a_person(first_name=first, last_name=last, display_name=f"{first} {last}", **attributes)


async def found(users, text=None, local=True, **filters) -> list:
    query = {"query": text} if text else {}
    if filters:
        query["filters"] = UserSearchFilter(**filters)
    results = await users.search_users(UserSearchQuery(**query), local=local)
    return [user.display_name for user in results.users]


async def test_each_word_begins_a_word_of_the_person(admin, bot, surname):
    users = await admin()
    for first in ("Zoë", "Zacharias", "Yann"):
        await users.create(called(first, surname))
    users = await bot()

    assert await found(users, surname) == [f"Yann {surname}", f"Zacharias {surname}", f"Zoë {surname}"]
    assert await found(users, surname[:-2].lower()) == await found(users, surname)
    assert await found(users, f"{surname.upper()} zoe") == [f"Zoë {surname}"]
    assert await found(users, f"z {surname}") == [f"Zacharias {surname}", f"Zoë {surname}"]
    assert await found(users, f"ann {surname}") == []
    assert await found(users, surname[1:]) == []


async def test_an_answer_tells_its_place_among_all(admin, bot, surname):
    users = await admin()
    for first in ("Ada", "Ben", "Cy"):
        await users.create(called(first, surname))
    query = UserSearchQuery(query=surname)
    users = await bot()

    page = await users.search_users(query, local=True, skip=1, limit=1)

    assert (page.count, page.skip, page.limit, page.search_query.query) == (3, 1, 1, surname)
    assert [user.first_name for user in page.users] == ["Ben"]
    beyond = await users.search_users(query, local=True, skip=3)
    assert (beyond.count, beyond.users) == (3, [])


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 6])
async def test_every_page_is_read_to_the_last(admin, bot, surname, chunk):
    users = await admin()
    made = [(await users.create(called(first, surname))).user_system_info.id for first in ("A", "B", "C", "D", "E")]
    query = UserSearchQuery(query=surname)
    users = await bot()

    assert [user.id async for user in await users.search_all_users(query, local=True, chunk_size=chunk)] == made
    assert [user.id async for user in await users.search_all_users(query, chunk_size=chunk, max_number=4)] == made[:4]


async def test_filters_narrow_a_search(admin, bot, surname):
    users = await admin()
    await users.create(called("Ada", surname, title="Head Trader", location="Paris", market_coverage=["EMEA"], instrument=["Bonds"]))
    await users.create(called("Ben", surname, title="Trader", location="New York", responsibility=["Sales"], function=["Research"]))
    ada, ben = [f"Ada {surname}"], [f"Ben {surname}"]
    users = await bot()

    assert await found(users, surname, title="trader") == ada + ben
    assert await found(users, surname, title="head t") == ada
    assert await found(users, surname, location="york") == ben
    assert await found(users, surname, market_coverage="emea") == ada
    assert await found(users, surname, instrument="bond") == ada
    assert await found(users, surname, responsibility="Sales") == ben
    assert await found(users, surname, function="Research") == ben
    assert await found(users, surname, title="Trader", location="Paris") == ada
    assert await found(users, surname, title="Trader", company="Globex") == []
    assert await found(users, surname, account_types=StringList(["SYSTEM"])) == []
    # A filter is a search of its own.
    assert ada[0] in await found(users, title="Head Trader", location="Paris")
    assert await found(users, "acme administrator", account_types=StringList(["SYSTEM"]), company="acme") == ["Acme Administrator"]
    assert await found(users, "acme administrator", account_types=StringList(["NORMAL"])) == []


async def test_a_search_for_nothing_is_refused(bot):
    with pytest.raises(ApiException) as refused:
        await found(await bot())
    assert refused.value.status == 400


async def test_who_is_disabled_is_looked_up_and_not_searched(admin, bot, surname):
    users = await admin()
    made = await users.create(called("Ada", surname))
    user_id = made.user_system_info.id
    everybody = await bot()
    assert await found(everybody, surname) == [f"Ada {surname}"]

    await users.update_status(user_id, UserStatus(status="DISABLED"))

    assert await found(everybody, surname) == []
    assert [user.id for user in (await everybody.list_users_by_ids([user_id])).users] == [user_id]
    await users.update_status(user_id, UserStatus(status="ENABLED"))
    assert await found(everybody, surname) == [f"Ada {surname}"]


async def test_a_stranger_is_found_without_his_address(bot, stranger, surname):
    attributes = {"first_name": "Ada", "last_name": surname, "display_name": f"Ada {surname}"}
    made = await stranger(title="Trader", location="Paris", department="Rates", work_phone_number="+33000000000", **attributes)
    users = await bot()

    results = await users.search_users(UserSearchQuery(query=surname))

    [ada] = results.users
    assert (ada.id, ada.company, ada.display_name) == (made.user_system_info.id, "Globex", f"Ada {surname}")
    for hidden in ("email_address", "title", "location", "department", "work_phone_number", "roles"):
        assert not getattr(ada, hidden, None), hidden
    assert await found(users, surname, local=True) == []
    assert await found(users, surname, local=False, company="Globex") == [f"Ada {surname}"]
    # What is not shown is not searched, either: neither an attribute, nor an address that is
    # spelled out letter by letter.
    assert await found(users, surname, local=False, title="Trader") == []
    name = made.user_attributes.user_name
    assert await found(users, name.removeprefix("person-")[:-1], local=False) == []


async def test_an_application_searches_for_its_user(pod, connect, admin, surname):
    await (await admin()).create(called("Ada", surname, title="Trader"))
    bdk = await connect(pod.config("acme-bot"))
    users = bdk.obo_services(bdk.obo(username="alice")).users()

    assert await found(users, surname) == [f"Ada {surname}"]
    query = UserSearchQuery(query=surname)
    assert [user.last_name async for user in await users.search_all_users(query, chunk_size=1)] == [surname]
