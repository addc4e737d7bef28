"""Information barriers: who is in the groups, and whom that keeps apart. A pod of `podium dev` has groups, and an active policy between two."""

import pytest
from accounts import a_service, plain
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_api.info_barriers_api import InfoBarriersApi

try:
    from symphony.bdk.gen.pod_model.integer_list import IntegerList
except ImportError:  # the newer kit takes a list
    IntegerList = list


@pytest.fixture
def barriers(pod, connect, clients):
    """What the kit generates for barriers, with an administrator's session. It has no service for them."""

    async def barriers():
        config = pod.config("acme-admin")
        token = await (await connect(config)).bot_session().session_token
        return Barriers(InfoBarriersApi((await clients(config)).get_pod_client()), token)

    return barriers


class Barriers:
    def __init__(self, api, token):
        self._api, self._token = api, token

    async def groups(self) -> dict:
        return {one.name: one for one in plain(await self._api.v1_admin_group_list_get(session_token=self._token))}

    async def policies(self) -> list:
        return plain(await self._api.v1_admin_policy_list_get(session_token=self._token))

    async def members(self, group, **page) -> list:
        ids = plain(await self._api.v1_admin_group_gid_membership_list_get(session_token=self._token, gid=group.id, **page))
        return [getattr(one, "value", one) for one in ids]

    async def add(self, group, *ids):
        done = await self._api.v1_admin_group_gid_membership_add_post(session_token=self._token, gid=group.id, users=IntegerList(list(ids)))
        return getattr(done.overall_result, "value", done.overall_result), list(done.results)

    async def remove(self, group, *ids):
        done = await self._api.v1_admin_group_gid_membership_remove_post(session_token=self._token, gid=group.id, users=IntegerList(list(ids)))
        return getattr(done.overall_result, "value", done.overall_result), list(done.results)


async def test_groups_have_policies_and_members(admin, barriers, public_key):
    users, barriers = await admin(), await barriers()
    research, trading = (await barriers.groups())["Research"], (await barriers.groups())["Trading"]
    [policy] = [one for one in await barriers.policies() if one.active]
    assert set(policy.groups) == {research.id, trading.id}
    assert policy.policy_type == "BLOCK"
    assert policy.id in research.policies

    one, other = [(await users.create(a_service(public_key))).user_system_info.id for _ in range(2)]
    assert await barriers.add(research, one, 1, other) == ("FAIL", ["", "User not found", ""])
    members = await barriers.members(research)
    assert one in members and other in members
    assert await barriers.members(research, skip=members.index(one), limit=1) == [one]
    assert await barriers.remove(research, other, one) == ("SUCCESS", ["", ""])
    assert not {one, other} & set(await barriers.members(research))

    with pytest.raises(ApiException) as refused:
        research.id = "0" * 24
        await barriers.members(research)
    assert refused.value.status == 404


async def test_a_barrier_comes_and_goes(admin, barriers, login, public_key):
    users, barriers = await admin(), await barriers()
    groups = await barriers.groups()
    analyst, trader = [await users.create(a_service(public_key)) for _ in range(2)]
    trader_id = trader.user_system_info.id
    bdk = await login(analyst.user_attributes.user_name)
    im = await bdk.streams().create_im(trader_id)

    await barriers.add(groups["Research"], analyst.user_system_info.id)
    await barriers.add(groups["Trading"], trader_id)

    assert not (await bdk.streams().get_im_info(im.id)).im_system_info.active
    for refused in (
        bdk.streams().create_im(trader_id),
        bdk.presence().get_user_presence(trader_id, True),
        bdk.connections().create_connection(trader_id),
    ):
        with pytest.raises(ApiException) as refusal:
            await refused
        assert refusal.value.status == 403

    await barriers.remove(groups["Trading"], trader_id)

    assert (await bdk.streams().get_im_info(im.id)).im_system_info.active
    assert (await bdk.streams().create_im(trader_id)).id == im.id
