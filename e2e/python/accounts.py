"""Accounts of a test's own. Their names are new each time: several kits run against one pod."""

import uuid

from symphony.bdk.gen.pod_model.v2_user_attributes import V2UserAttributes
from symphony.bdk.gen.pod_model.v2_user_create import V2UserCreate
from symphony.bdk.gen.pod_model.v2_user_key_request import V2UserKeyRequest


def plain(values) -> list:
    """A list, which one kit gives as such and the other wrapped."""
    return list(getattr(values, "value", values))


def a_service(public_key, **attributes) -> V2UserCreate:
    name = "bot-" + uuid.uuid4().hex
    return V2UserCreate(
        user_attributes=V2UserAttributes(
            account_type="SYSTEM",
            email_address=f"{name}@acme.example",
            user_name=name,
            display_name="A bot",
            current_key=V2UserKeyRequest(key=public_key),
            **attributes,
        ),
        roles=["INDIVIDUAL"],
    )


def a_person(domain="acme.example", **attributes) -> V2UserCreate:
    name = "person-" + uuid.uuid4().hex
    given = {
        "account_type": "NORMAL",
        "email_address": f"{name}@{domain}",
        "user_name": name,
        "display_name": "A Person",
        "first_name": "A",
        "last_name": "Person",
    }
    return V2UserCreate(user_attributes=V2UserAttributes(**{**given, **attributes}))
