import json
import os
import subprocess
import sys
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from accounts import a_service
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from person import Person
from pod import Pod
from symphony.bdk.core.symphony_bdk import SymphonyBdk

HERE = Path(__file__).parent
WORK = Path(os.environ["PODIUM_E2E_WORK"])  # where the programs are installed


@pytest.fixture(scope="session")
def pod() -> Pod:
    return Pod(Path(os.environ["PODIUM_E2E_DATA"]))


@pytest_asyncio.fixture(scope="session")
async def people(pod):
    """The administrators of both companies, who say what a person would: `people["acme"]`."""
    async with AsyncExitStack() as stack:
        yield {
            company: Person(await stack.enter_async_context(SymphonyBdk(pod.config(f"{company}-admin"))), url, pod.authority)
            for company, url in {"acme": pod.acme_url, "globex": pod.globex_url}.items()
        }


@pytest_asyncio.fixture(scope="session")
async def person(people):
    return people["acme"]


@pytest.fixture
def service(pod, people):
    """Creates a service account for a program: its id and the kit's configuration of it."""

    async def service(display_name, company="acme"):
        config = pod.config(f"{company}-bot")
        with open(config.bot.private_key.path, "rb") as file:
            key = load_pem_private_key(file.read(), None).public_key()
        payload = a_service(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
        payload.user_attributes.display_name = display_name
        payload.user_attributes.email_address = payload.user_attributes.email_address.replace("@acme.", f"@{company}.")
        made = await people[company].bdk.users().create(payload)
        config.bot.username = made.user_attributes.user_name
        return made.user_system_info.id, config

    return service


@pytest.fixture
def run(tmp_path, pod):
    """Runs a program until the test ends. Its output is shown where the test fails."""
    with ExitStack() as stack:

        def run(*command, **environment):
            output = stack.enter_context(open(tmp_path / "output", "w+"))
            trusted = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), pod.authority)
            process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, cwd=tmp_path, env=os.environ | trusted | environment
            )

            def end():
                alive = process.poll() is None
                process.kill()
                process.wait()
                output.seek(0)
                sys.stdout.write(output.read())
                assert alive, "the program ended by itself"

            stack.callback(end)
            return process

        yield run


@pytest.fixture
def older_config(pod, tmp_path):
    """The configuration that the older kits read, for Node and Python: the path of the file."""

    def older_config(config):
        url = config.host, config.port
        key = Path(config.bot.private_key.path)
        content = {"authType": "rsa", "botUsername": config.bot.username, "botPrivateKeyPath": f"{key.parent}/", "botPrivateKeyName": key.name, "appId": ""}
        for part in "sessionAuth", "keyAuth", "pod", "agent":
            content[f"{part}Host"], content[f"{part}Port"] = url
        content["truststorePath"] = pod.authority
        path = tmp_path / "config.json"
        path.write_text(json.dumps(content))
        return path

    return older_config


@pytest.fixture
def chatom_config(pod):
    """The options of chatom's SymphonyConfig."""

    def chatom_config(config):
        return {
            "host": config.host, "port": config.port, "bot_username": config.bot.username, "bot_private_key_path": config.bot.private_key.path,
            "trust_store_path": pod.authority,
        }

    return chatom_config
