"""Holds a running pod against its own description, /openapi.json, with inputs that Schemathesis makes from it.

    run.py DATA REPORTS      # the folder in which `podium dev` wrote bootstrap.json; where reports go

Everything is called as an administrator, with good and with bad inputs. A failure is: an answer of 5xx; a status, a type of content or
a body that the description does not have; fewer than CALLS calls; a session that is over at the end, after which all that came was
401. The inputs follow from the description alone (no chance, no clock), so that a run that failed fails again.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import jwt

CALLS = 5000  # at least
LONGEST = 1500  # characters of a parameter in the query
EXAMPLES = 6  # made up for each operation, beside the systematic ones

# Operations that are not called, and why.
EXCLUDED = {
    "watchPresence": "an endless stream: the answer never ends",
    "watchEvents": "an endless stream: the answer never ends",
    "readDatafeed": "it waits for an event, for 18 seconds",
    "readDatafeedV1": "it waits for an event, for 18 seconds",
    "readDatafeedV2": "it waits for an event, for 18 seconds",
    "readDatafeedV4": "it waits for an event, for 18 seconds",
    "readEvents": "it waits for an event, for 18 seconds",
    "watchTyping": "an endless stream: the answer never ends",
    "watchNodeHealth": "an endless stream: the answer never ends",
    "watchInspectedCalls": "an endless stream: the answer never ends",
    "logout": "ends the session that everything is called with",
    "logoutKeyManager": "ends the session that everything is called with",
    "endUserSessions": "may end the session that everything is called with",
    "endUserSession": "may end the session that everything is called with",
    "updateUserStatus": "may disable the administrator, whose id earlier answers tell",
    "updateUserSuspension": "may suspend the administrator, whose id earlier answers tell",
    "removeUserRole": "may take the administrator's roles, and with them the way into most operations",
}

CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]


def main(data: Path, reports: Path) -> int:
    bootstrap = json.loads((data / "bootstrap.json").read_text())
    pod = Pod(bootstrap["podBaseUrl"])
    key = (data / bootstrap["adminPrivateKeyPath"]).read_text()
    pod.log_in(bootstrap["adminUsername"], key)

    reports.mkdir(parents=True, exist_ok=True)
    config = reports / "schemathesis.toml"
    config.write_text(
        '[[operations]]\ninclude-path-regex = "^/(profile-manager|connect-service|files)/"\n'
        f'headers = {{ Authorization = "Bearer {pod.access_token}" }}\n'
    )
    events = reports / "events.ndjson"
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run", described(pod.url, reports / "openapi.json"), "--url", pod.url]
    command += ["--header", f"sessionToken: {pod.session}", "--header", f"keyManagerToken: {pod.key_manager}"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES)]
    command += ["--generation-deterministic", "--generation-with-security-parameters", "false", "--no-shrink", "--continue-on-failure", "--no-color", "--warnings", "off"]
    command += ["--checks", ",".join(CHECKS), "--report", "ndjson,junit"]
    command += ["--report-ndjson-path", events, "--report-junit-path", reports / "report.xml"]
    for operation in EXCLUDED:
        command += ["--exclude-operation-id", operation]
    failed = subprocess.run(command, cwd=reports).returncode != 0  # it keeps a folder where it runs

    statuses = calls_of(events)
    total = sum(statuses.values())
    print(f"{total} calls: " + ", ".join(f"{count} answered {status}" for status, count in sorted(statuses.items())))
    if total < CALLS:
        print(f"fewer than {CALLS} calls")
        failed = True
    if pod.session_is_over():
        print("the session is over: an operation that ends it must be in EXCLUDED")
        failed = True
    if failed:
        note_failure(reports / "report.xml")
    return int(failed)


def described(url: str, file: Path) -> Path:
    """The pod's description, with lists in the query no longer than fits a request's header whatever characters they have:
    percent-encoded, a character takes up to twelve bytes, and the header has 64 KiB."""
    with urllib.request.urlopen(url + "/openapi.json") as answer:
        description = json.load(answer)
    for methods in description["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                schema = parameter.get("schema", {})
                if parameter["in"] == "query" and schema.get("maxLength", 0) > LONGEST:
                    schema["maxLength"] = LONGEST
    file.write_text(json.dumps(description))
    return file


class Pod:
    def __init__(self, url: str):
        self.url = url

    def log_in(self, username: str, key: str):
        token = jwt.encode({"sub": username, "exp": int(time.time()) + 240}, key, algorithm="RS512")
        self.session = self._post("/login/pubkey/authenticate", {"token": token})["token"]
        self.key_manager = self._post("/relay/pubkey/authenticate", {"token": token})["token"]
        scoped = self._post("/login/idm/tokens?scope=profile-manager%20community:accounts:onboard%20sym-files", None, {"sessionToken": self.session})
        self.access_token = scoped["access_token"]

    def session_is_over(self) -> bool:
        request = urllib.request.Request(self.url + "/pod/v2/sessioninfo", headers={"sessionToken": self.session})
        try:
            with urllib.request.urlopen(request):
                return False
        except urllib.error.HTTPError:
            return True

    def _post(self, path: str, body, headers=None):
        data = json.dumps(body).encode() if body else b""
        headers = {"Content-Type": "application/json", **(headers or {})}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers, method="POST")) as answer:
            return json.load(answer)


def calls_of(events: Path) -> Counter:
    """How many calls were answered, by status."""
    statuses = Counter()
    for line in events.open():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for interaction in recorder.get("interactions", {}).values():
            if answer := interaction.get("response"):
                statuses[answer["status_code"]] += 1
    return statuses


def note_failure(report: Path):
    """A case of our own in the report, since what was found wrong here is none of Schemathesis's cases."""
    suites = ElementTree.parse(report) if report.exists() else ElementTree.ElementTree(ElementTree.Element("testsuites"))
    suite = ElementTree.SubElement(suites.getroot(), "testsuite", name="run")
    case = ElementTree.SubElement(suite, "testcase", classname="schemathesis", name="run")
    ElementTree.SubElement(case, "failure", message="see the output above")
    suites.write(report)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
