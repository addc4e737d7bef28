"""Looks into the tokens which the pod hands out."""

import jwt


def claims(token: str) -> dict:
    """What a token says, without checking who says it."""
    return jwt.decode(token, options={"verify_signature": False})


def verified_claims(token: str, jwks) -> dict:
    """What an access token says, once its signature is found good under the pod's published keys."""
    # The two lines of the kit model the entries of a key set differently.
    keys = [entry if isinstance(entry, dict) else entry.to_dict() for entry in jwks.keys]
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [jwt.PyJWK(key) for key in keys if key["kid"] == kid]
    return jwt.decode(token, key, algorithms=["RS256"], options={"require": ["exp", "sub"]})
