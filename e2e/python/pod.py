"""The running pod, as `podium dev` describes it to the author of a bot.

Everything comes from the files which the pod writes: the tests know no key, no address and no password of their own.
"""

import json
from datetime import timedelta
from pathlib import Path

from symphony.bdk.core.config.loader import BdkConfigLoader
from symphony.bdk.core.config.model.bdk_config import BdkConfig
from symphony.bdk.core.config.model.bdk_rsa_key_config import BdkRsaKeyConfig

ACME_POD_ID = 190
GLOBEX_POD_ID = 191


class Pod:
    def __init__(self, data: Path):
        self._data = data
        self.bootstrap = bootstrap = json.loads((data / "bootstrap.json").read_text())
        self.acme_url = bootstrap["podBaseUrl"]
        self.globex_url = bootstrap["secondPodBaseUrl"]
        self.uses_tls = self.acme_url.startswith("https:")

    def config(self, name: str) -> BdkConfig:
        """Loads a configuration which the pod wrote for this kit, like `acme-bot`."""
        config = BdkConfigLoader.load_from_file(str(self._data / "bdk" / "python" / f"{name}.yaml"))
        # An answer of 5xx or 429 shall fail a test within a second instead of keeping it busy for
        # minutes.
        config.retry.max_attempts = 3
        config.retry.multiplier = 1
        config.retry.initial_interval = config.retry.max_interval = timedelta(milliseconds=100)
        return config

    def bootstrap_key(self) -> str:
        """The bot's private key, which bootstrap.json names."""
        return (self._data / self.bootstrap["botPrivateKeyPath"]).read_text()

    def key(self, name: str) -> BdkRsaKeyConfig:
        """A private key, to replace another one in a configuration."""
        return BdkRsaKeyConfig(path=self._existing("keys", f"{name}.pem"))

    def certificate(self, name: str) -> str:
        """The path of a client certificate together with its key."""
        return self._existing("tls", f"{name}.pem")

    @property
    def authority(self) -> str | None:
        """The path of the certificate which vouches for the pod, or None where the pod speaks plain http."""
        return self._existing("tls", "ca.pem") if self.uses_tls else None

    def _existing(self, folder: str, name: str) -> str:
        path = self._data / folder / name
        assert path.is_file(), f"the pod did not write {folder}/{name}"
        return str(path)


def pod_id(user_id: int) -> int:
    """The pod a user belongs to: the bits above the lower 36 of the id."""
    return user_id >> 36
