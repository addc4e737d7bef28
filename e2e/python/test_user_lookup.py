"""People are looked up by their ids, addresses and names."""

import pytest
from accounts import a_person, plain
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.users_api import UsersApi
from symphony.bdk.gen.pod_model.user_status import UserStatus


class Made:
    """An account that a test made."""

    def __init__(self, detail):
        self.id = detail.user_system_info.id
        self.email = detail.user_attributes.email_address
        self.name = detail.user_attributes.user_name


@pytest.fixture
def make(admin):
    """Makes a person of Acme, enabled or not."""

    async def make(status="ENABLED", **attributes) -> Made:
        users = await admin()
        made = Made(await users.create(a_person(**attributes)))
        await users.update_status(made.id, UserStatus(status=status))
        return made

    return make


@pytest.fixture
def stranger(pod, connect):
    """Makes a person of Globex."""

    async def stranger(**attributes) -> Made:
        users = (await connect(pod.config("globex-admin"))).users()
        return Made(await users.create(a_person(domain="globex.example", **attributes)))

    return stranger


@pytest.fixture
def bot(pod, connect):
    async def bot():
        return (await connect(pod.config("acme-bot"))).users()

    return bot


def ids(answer) -> list:
    """The ids of an answer's users. If none was found it has no content, of which a kit makes None."""
    return [user.id for user in answer.users] if answer else []


async def test_the_answer_keeps_the_order_asked_for(bot, make):
    one, two, three = [await make() for _ in range(3)]
    users = await bot()

    assert ids(await users.list_users_by_ids([three.id, one.id, two.id])) == [three.id, one.id, two.id]
    assert ids(await users.list_users_by_emails([two.email, three.email.upper()])) == [two.id, three.id]
    assert ids(await users.list_users_by_usernames([three.name.upper(), one.name])) == [three.id, one.id]


async def test_whom_nobody_knows_is_left_out_in_silence(bot, make):
    known = await make()
    users = await bot()

    answer = await users.list_users_by_ids([known.id + 1_000_000, known.id])
    assert ids(answer) == [known.id]
    assert not getattr(answer, "errors", None)
    assert ids(await users.list_users_by_emails(["unknown@acme.example", known.email])) == [known.id]
    assert ids(await users.list_users_by_usernames([known.name, "no-one"])) == [known.id]
    assert ids(await users.list_users_by_ids([known.id + 1_000_000])) == []
    assert ids(await users.list_users_by_emails(["unknown@acme.example"])) == []
    assert ids(await users.list_users_by_usernames(["no-one"])) == []


async def test_what_can_be_no_address_is_named(bot, make):
    known = await make()

    answer = await (await bot()).list_users_by_emails(["not an address", known.email])

    assert ids(answer) == [known.id]
    assert [(error.error, error.email) for error in answer.errors] == [("invalid.format", "not an address")]


@pytest.mark.parametrize("active, expected", [(None, "both"), (True, "enabled"), (False, "disabled")])
async def test_active_tells_enabled_from_disabled(bot, make, active, expected):
    enabled, disabled = await make(), await make("DISABLED")
    wanted = {"both": [enabled.id, disabled.id], "enabled": [enabled.id], "disabled": [disabled.id]}[expected]
    users = await bot()

    assert ids(await users.list_users_by_ids([enabled.id, disabled.id], active=active)) == wanted
    assert ids(await users.list_users_by_emails([enabled.email, disabled.email], active=active)) == wanted
    assert ids(await users.list_users_by_usernames([enabled.name, disabled.name], active=active)) == wanted


async def test_a_colleague_is_shown_in_full(bot, make):
    made = await make(title="Trader", location="Paris", department="Rates", division="Markets", work_phone_number="+33000000000")

    [user] = (await (await bot()).list_users_by_ids([made.id])).users

    assert (user.id, user.email_address, user.username) == (made.id, made.email, made.name)
    assert (user.display_name, user.first_name, user.last_name, user.company) == ("A Person", "A", "Person", "Acme")
    assert (user.title, user.location, user.account_type) == ("Trader", "Paris", "NORMAL")
    assert (user.department, user.division, user.work_phone_number) == ("Rates", "Markets", "+33000000000")
    assert [avatar.size for avatar in plain(user.avatars)] == ["original", "small"]


async def test_a_stranger_is_known_by_id_and_address_alone(bot, stranger):
    made = await stranger(title="Trader")
    users = await bot()

    for answer in (await users.list_users_by_ids([made.id]), await users.list_users_by_emails([made.email])):
        [user] = answer.users
        assert (user.id, user.company, user.display_name) == (made.id, "Globex", "A Person")
        assert not getattr(user, "email_address", None)
        assert not getattr(user, "title", None)
    assert ids(await users.list_users_by_ids([made.id], local=True)) == []
    assert ids(await users.list_users_by_emails([made.email], local=True)) == []
    assert ids(await users.list_users_by_usernames([made.name])) == []


async def test_a_hundred_is_the_most_at_once(bot, make):
    known = await make()
    users = await bot()

    assert ids(await users.list_users_by_ids([known.id] * 100)) == [known.id]
    with pytest.raises(ApiException) as refused:
        await users.list_users_by_ids([known.id] * 101)
    assert refused.value.status == 400


async def test_one_user_is_looked_up(pod, connect, clients, make, stranger):
    """By the kit's low-level client: its service asks for lists alone."""
    one, other = await make(), await stranger()
    config = pod.config("acme-bot")
    token = await (await connect(config)).bot_session().session_token
    users = UsersApi((await clients(config)).get_pod_client())

    async def look_up(**criterion):
        return await users.v2_user_get(session_token=token, **criterion)

    for criterion in ({"uid": one.id}, {"email": one.email}, {"username": one.name, "local": True}, {"username": one.name}):
        user = await look_up(**criterion)
        assert (user.id, user.email_address, user.username) == (one.id, one.email, one.name)
    foreign = await look_up(uid=other.id)
    assert (foreign.id, foreign.company) == (other.id, "Globex")
    assert not getattr(foreign, "email_address", None)
    for unknown in ({"uid": one.id + 1_000_000}, {"email": "unknown@acme.example"}, {"uid": other.id, "local": True}):
        assert await look_up(**unknown) is None
    for wrong in ({}, {"uid": one.id, "email": one.email}, {"username": one.name, "local": False}):
        with pytest.raises(ApiException) as refused:
            await look_up(**wrong)
        assert refused.value.status == 400


async def test_an_application_looks_up_for_its_user(pod, connect, make):
    made = await make()
    bdk = await connect(pod.config("acme-bot"))
    users = bdk.obo_services(bdk.obo(username="alice")).users()

    assert ids(await users.list_users_by_ids([made.id])) == [made.id]
    assert ids(await users.list_users_by_emails([made.email])) == [made.id]
    assert ids(await users.list_users_by_usernames([made.name])) == [made.id]
