"""An administrator makes an application, gives it to people, and takes it away; the application acts for them meanwhile."""

import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from symphony.bdk.core.auth.exception import AuthUnauthorizedError
from symphony.bdk.core.config.model.bdk_rsa_key_config import BdkRsaKeyConfig
from symphony.bdk.gen.exceptions import ApiException
from symphony.bdk.gen.pod_model.app_authentication_key import AppAuthenticationKey
from symphony.bdk.gen.pod_model.app_authentication_keys import AppAuthenticationKeys
from symphony.bdk.gen.pod_model.app_notification import AppNotification
from symphony.bdk.gen.pod_model.app_property import AppProperty
from symphony.bdk.gen.pod_model.application_detail import ApplicationDetail
from symphony.bdk.gen.pod_model.application_info import ApplicationInfo
from symphony.bdk.gen.pod_model.pod_app_entitlement import PodAppEntitlement
from symphony.bdk.gen.pod_model.product import Product
from symphony.bdk.gen.pod_model.user_app_entitlement import UserAppEntitlement
from symphony.bdk.gen.pod_model.user_app_entitlement_patch import UserAppEntitlementPatch

try:  # version 2 of the kit has a type for the list
    from symphony.bdk.gen.pod_model.app_properties import AppProperties
except ImportError:
    AppProperties = list


class Key:
    """A fresh RSA key: what the pod is told of it, and what the kit signs with."""

    def __init__(self):
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public = (
            private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )
        self._private = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def config(self) -> BdkRsaKeyConfig:
        return BdkRsaKeyConfig(content=self._private)


@pytest.fixture
def applications(pod, connect):
    """The kit's service, as an administrator has it."""

    async def applications():
        return (await connect(pod.config("acme-admin"))).applications()

    return applications


@pytest.fixture
def acting_as(pod, connect):
    """Opens the kit as an application: `bdk = await acting_as("orders", key)`."""

    async def acting_as(app_id: str, key: Key):
        config = pod.config("acme-bot")
        config.app.app_id = app_id
        config.app.private_key = key.config()
        return config, await connect(config)

    return acting_as


def named(app_id: str, key: Key | None = None, **more) -> ApplicationDetail:
    if key is not None:
        more["authentication_keys"] = AppAuthenticationKeys(current=AppAuthenticationKey(key=key.public))
    return ApplicationDetail(
        application_info=ApplicationInfo(app_id=app_id, name="Orders", publisher="Acme"),
        permissions=["ACT_AS_USER", "GET_BASIC_USER_INFO"],
        **more,
    )


def fresh_id() -> str:
    return f"orders-{uuid.uuid4()}"


def enabled(app_id: str, *, listed=True, install=False, enable=True) -> PodAppEntitlement:
    return PodAppEntitlement(app_id=app_id, app_name="Orders", enable=enable, listed=listed, install=install)


async def id_of(who_is, pod, connect, username: str) -> int:
    config = pod.config("acme-bot")
    return (await who_is(config, (await connect(config)).obo(username=username))).id


async def test_everything_an_application_says_of_itself_is_kept(applications):
    service, app_id = await applications(), fresh_id()
    detail = named(
        app_id,
        icon_url="https://orders.acme.com/icon.png",
        description="Order tickets",
        allow_origins="acme.com",
        notification=AppNotification(url="https://orders.acme.com/hook", api_key="k-123"),
        properties=AppProperties([AppProperty(key="port", value="4000")]),
    )
    detail.application_info.app_url = "https://orders.acme.com"
    detail.application_info.domain = "acme.com"

    created = await service.create_application(detail)
    read = await service.get_application(app_id)

    for answer in (created, read):
        assert answer.application_info.app_id == app_id
        assert answer.application_info.app_url == "https://orders.acme.com"
        assert answer.application_info.domain == "acme.com"
        assert answer.icon_url == "https://orders.acme.com/icon.png"
        assert answer.description == "Order tickets"
        assert answer.allow_origins == "acme.com"
        assert list(answer.permissions) == ["ACT_AS_USER", "GET_BASIC_USER_INFO"]
        assert (answer.notification.url, answer.notification.api_key) == ("https://orders.acme.com/hook", "k-123")
        properties = getattr(answer.properties, "value", answer.properties)
        assert [(p.key, p.value) for p in properties] == [("port", "4000")]


async def test_an_update_changes_what_it_gives_and_no_more(applications):
    service, app_id = await applications(), fresh_id()
    await service.create_application(named(app_id, description="Order tickets"))

    updated = await service.update_application(
        app_id, ApplicationDetail(application_info=ApplicationInfo(app_id=app_id, name="Tickets"))
    )

    assert updated.application_info.name == "Tickets"
    assert updated.application_info.publisher == "Acme"
    assert updated.description == "Order tickets"
    assert list(updated.permissions) == ["ACT_AS_USER", "GET_BASIC_USER_INFO"]


async def test_what_the_pod_answered_can_be_sent_back(applications):
    service, app_id = await applications(), fresh_id()
    await service.create_application(named(app_id, Key()))

    before = await service.get_application(app_id)
    after = await service.update_application(app_id, before)

    assert after.to_dict() == before.to_dict()


async def test_an_id_is_given_once(applications):
    service, app_id = await applications(), fresh_id()
    await service.create_application(named(app_id))

    for taken in (app_id, "alice"):
        with pytest.raises(ApiException) as refused:
            await service.create_application(named(taken))
        assert refused.value.status == 400


async def test_a_deleted_application_is_gone(applications):
    service, app_id = await applications(), fresh_id()
    await service.create_application(named(app_id))

    await service.delete_application(app_id)

    with pytest.raises(ApiException) as refused:
        await service.get_application(app_id)
    assert refused.value.status == 400
    assert app_id not in [e.app_id for e in await listed(service)]


async def listed(service) -> list:
    entitlements = await service.list_application_entitlements()
    return getattr(entitlements, "value", entitlements)


async def test_a_new_application_is_nobodys_until_the_company_says_so(applications):
    service, app_id = await applications(), fresh_id()
    await service.create_application(named(app_id))
    (before,) = [e for e in await listed(service) if e.app_id == app_id]

    answer = await service.update_application_entitlements([enabled(app_id, install=True)])

    assert (before.enable, before.listed, before.install) == (False, False, False)
    (changed,) = getattr(answer, "value", answer)
    assert (changed.app_id, changed.app_name) == (app_id, "Orders")
    (after,) = [e for e in await listed(service) if e.app_id == app_id]
    assert (after.enable, after.listed, after.install) == (True, True, True)
    await service.delete_application(app_id)  # it is installed for everybody


async def test_what_holds_for_one_person_is_set_patched_and_taken_back(applications, pod, connect):
    service, app_id = await applications(), fresh_id()
    carol = await id_of_carol(pod, connect)
    await service.create_application(named(app_id))
    await service.update_application_entitlements([enabled(app_id)])

    async def of_carol(answer=None):
        answer = answer if answer is not None else await service.list_user_applications(carol)
        (mine,) = [e for e in getattr(answer, "value", answer) if e.app_id == app_id]
        return mine

    assert ((await of_carol()).listed, (await of_carol()).install) == (True, False)

    premium = Product(app_id=app_id, name="Premium", sku="AcD53", subscribed=True, type="premium")
    patch = UserAppEntitlementPatch(app_id=app_id, listed="FALSE", install="TRUE", product=premium)
    patched = await of_carol(await service.patch_user_applications(carol, [patch]))
    assert (patched.listed, patched.install) == (False, True)
    (product,) = getattr(patched.products, "value", patched.products)
    assert (product.name, product.sku, product.subscribed, product.type) == ("Premium", "AcD53", True, "premium")

    kept = UserAppEntitlementPatch(app_id=app_id, listed="REMOVE")
    patched = await of_carol(await service.patch_user_applications(carol, [kept]))
    assert (patched.listed, patched.install) == (True, True)

    given = UserAppEntitlement(app_id=app_id, app_name="Orders", listed=False, install=False)
    replaced = await of_carol(await service.update_user_applications(carol, [given]))
    assert (replaced.listed, replaced.install) == (False, False)
    assert not getattr(replaced, "products", None)

    again = await of_carol(await service.update_user_applications(carol, []))
    assert (again.listed, again.install) == (True, False)


async def id_of_carol(pod, connect) -> int:
    bdk = await connect(pod.config("acme-bot"))
    (carol,) = (await bdk.users().list_users_by_usernames(["carol"])).users
    return carol.id


async def test_an_application_acts_until_what_it_needs_is_taken_away(applications, acting_as, who_is, pod, connect):
    service, app_id, key = await applications(), fresh_id(), Key()
    alice = await id_of(who_is, pod, connect, "alice")
    await service.create_application(named(app_id, key))
    config, bdk = await acting_as(app_id, key)

    with pytest.raises(AuthUnauthorizedError):  # it is not enabled
        await bdk.obo(username="alice").session_token

    await service.update_application_entitlements([enabled(app_id)])
    with pytest.raises(AuthUnauthorizedError):  # it is not installed
        await bdk.obo(username="alice").session_token

    await service.patch_user_applications(alice, [UserAppEntitlementPatch(app_id=app_id, install="TRUE")])
    session = bdk.obo(username="alice")
    assert (await who_is(config, session)).username == "alice"
    token = await session.session_token

    await service.update_application(app_id, ApplicationDetail(permissions=["ACT_AS_USER"]))
    with pytest.raises(ApiException) as refused:
        await who_is(config, session)
    assert refused.value.status == 403
    assert await session.session_token == token  # what is forbidden is no reason to log in again

    await service.update_application(app_id, ApplicationDetail(permissions=["ACT_AS_USER", "GET_BASIC_USER_INFO"]))
    assert (await who_is(config, session)).username == "alice"

    await service.patch_user_applications(alice, [UserAppEntitlementPatch(app_id=app_id, install="FALSE")])
    with pytest.raises(AuthUnauthorizedError):  # 401, and the login that follows is refused
        await who_is(config, session)


async def test_both_keys_log_in_until_one_is_revoked(applications, acting_as, who_is):
    service, app_id, old, new = await applications(), fresh_id(), Key(), Key()
    await service.create_application(named(app_id, old))
    await service.update_application_entitlements([enabled(app_id, install=True)])

    rotated = await service.update_application(app_id, keys(current=AppAuthenticationKey(key=new.public, action="SAVE")))

    assert rotated.authentication_keys.current.key.strip() == new.public.strip()
    assert rotated.authentication_keys.previous.key.strip() == old.public.strip()
    expires = rotated.authentication_keys.previous.expiration_date
    sessions = []
    for key in (old, new):
        config, bdk = await acting_as(app_id, key)
        session = bdk.obo(username="bob")
        assert (await who_is(config, session)).username == "bob"
        sessions.append((config, session))

    extended = await service.update_application(app_id, keys(previous=AppAuthenticationKey(action="EXTEND")))
    assert extended.authentication_keys.previous.expiration_date > expires

    revoked = await service.update_application(app_id, keys(previous=AppAuthenticationKey(action="REVOKE")))
    assert getattr(revoked.authentication_keys, "previous", None) is None
    with pytest.raises(AuthUnauthorizedError):
        await who_is(*sessions[0])
    assert (await who_is(*sessions[1])).username == "bob"  # its session ended, too, and a new one began

    await service.delete_application(app_id)
    with pytest.raises(AuthUnauthorizedError):
        await who_is(*sessions[1])


def keys(**which) -> ApplicationDetail:
    return ApplicationDetail(authentication_keys=AppAuthenticationKeys(**which))


async def test_a_bot_without_the_rights_is_refused(pod, connect):
    service = (await connect(pod.config("acme-bot"))).applications()

    for call in (
        service.create_application(named(fresh_id())),
        service.update_application("acme-app", ApplicationDetail(description="x")),
        service.delete_application("acme-app"),
        service.get_application("acme-app"),
        service.list_application_entitlements(),
        service.update_application_entitlements([enabled("acme-app")]),
        service.list_user_applications(1),
        service.update_user_applications(1, []),
        service.patch_user_applications(1, []),
    ):
        with pytest.raises(ApiException) as refused:
            await call
        assert refused.value.status == 403
