"""People are given delegates, who may act for them, and lose them."""

import pytest
from accounts import a_person, plain
from symphony.bdk.core.service.user.model.delegate_action_enum import DelegateActionEnum
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.feature import Feature


async def delegates(users, user_id) -> list:
    """The ids of a user's delegates, which the older kit may wrap."""
    return [getattr(one, "value", one) for one in plain(await users.get_delegates(user_id))]


async def test_delegates_come_and_go(admin):
    users = await admin()
    manager, one, two = [(await users.create(a_person())).user_system_info.id for _ in range(3)]
    assert await delegates(users, manager) == []

    for delegate in (two, one, two):  # to add one again is no error
        await users.update_delegates(manager, delegate, DelegateActionEnum.ADD)

    assert await delegates(users, manager) == [two, one]
    assert await delegates(users, one) == []
    for _ in range(2):
        await users.update_delegates(manager, two, DelegateActionEnum.REMOVE)
    assert await delegates(users, manager) == [one]


async def test_who_may_have_none_is_given_none(admin):
    users = await admin()
    manager, other = [(await users.create(a_person())).user_system_info.id for _ in range(2)]
    await users.update_feature_entitlements(manager, [Feature(entitlment="delegatesEnabled", enabled=False)])

    for delegate in (other, manager):
        with pytest.raises(ApiException) as refused:
            await users.update_delegates(manager, delegate, DelegateActionEnum.ADD)
        assert refused.value.status == 400
    assert await delegates(users, manager) == []
