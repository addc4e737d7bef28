"""Disclaimers are assigned to people and taken away. A pod of `podium dev` has two, one of them the default."""

import pytest
from accounts import a_person, plain
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.disclaimer_api import DisclaimerApi


@pytest.fixture
def disclaimers(pod, connect, clients):
    """What the kit generates for disclaimers, with an administrator's session. It has no service for them."""

    async def disclaimers():
        config = pod.config("acme-admin")
        token = await (await connect(config)).bot_session().session_token
        return Disclaimers(DisclaimerApi((await clients(config)).get_pod_client()), token)

    return disclaimers


class Disclaimers:
    def __init__(self, api, token):
        self._api, self._token = api, token

    async def named(self, name):
        everyone = plain(await self._api.v1_admin_disclaimer_list_get(session_token=self._token))
        [disclaimer] = [one for one in everyone if one.name == name]
        return disclaimer

    async def get(self, id):
        return await self._api.v1_admin_disclaimer_did_get(session_token=self._token, did=id)

    async def users(self, id) -> list:
        ids = plain(await self._api.v1_admin_disclaimer_did_users_get(session_token=self._token, did=id))
        return [getattr(one, "value", one) for one in ids]


async def test_the_company_has_its_disclaimers(disclaimers):
    disclaimers = await disclaimers()

    house, research = await disclaimers.named("House disclaimer"), await disclaimers.named("Research disclaimer")

    assert (house.is_default, house.is_active, house.frequency_in_hours, house.format) == (True, True, 24, "TEXT")
    assert (research.is_default, research.is_active, research.frequency_in_hours) == (False, True, 168)
    assert (await disclaimers.get(research.id)).to_dict() == research.to_dict()
    with pytest.raises(ApiException) as refused:
        await disclaimers.get("0" * 24)
    assert refused.value.status == 400


async def test_a_disclaimer_is_assigned_replaced_and_taken_away(admin, disclaimers):
    users, disclaimers = await admin(), await disclaimers()
    house, research = await disclaimers.named("House disclaimer"), await disclaimers.named("Research disclaimer")
    user_id = (await users.create(a_person())).user_system_info.id
    assert not await users.get_disclaimer(user_id)

    await users.add_disclaimer(user_id, house.id)
    assert (await users.get_disclaimer(user_id)).to_dict() == house.to_dict()
    assert user_id in await disclaimers.users(house.id)

    await users.add_disclaimer(user_id, research.id)
    assert (await users.get_disclaimer(user_id)).content == research.content
    assert user_id not in await disclaimers.users(house.id)
    assert user_id in await disclaimers.users(research.id)

    await users.remove_disclaimer(user_id)
    assert not await users.get_disclaimer(user_id)
    assert user_id not in await disclaimers.users(research.id)
    await users.remove_disclaimer(user_id)  # none is there, which is no error


async def test_what_there_is_not_cannot_be_assigned(admin):
    users = await admin()
    user_id = (await users.create(a_person())).user_system_info.id

    with pytest.raises(ApiException) as refused:
        await users.add_disclaimer(user_id, "0" * 24)
    assert refused.value.status == 400
    assert not await users.get_disclaimer(user_id)
