"""Tells which operations each kit called, and got an answer other than an error to, by the logs of the pods that the suites ran against.

    calls.py LIST LOG...     # a log is named SCHEME-KIT-VERSION.log

LIST has a line for each operation: its ID, a tab, the kits. docs/compatibility.md is made of it. A call that the list has and no
log is a failure: a test that made it is gone, or the pod no longer answers. PODIUM_UPDATE=1 writes the list again.
"""

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

HEAD = "# Which operations the suites of the official SDKs call, with success. Written by PODIUM_UPDATE=1 make e2e.\n"
LINE = re.compile(r"msg=request .*\bstatus=(\d+) operation=(\w+)")


def main(path: Path, logs: list[Path]) -> int:
    called = defaultdict(set)
    for log in logs:
        kit = log.stem.split("-", 1)[1]
        for line in log.open(errors="replace"):
            if (found := LINE.search(line)) and int(found[1]) < 400:
                called[found[2]].add(kit)
    if os.environ.get("PODIUM_UPDATE") == "1":
        path.write_text(HEAD + "".join(f"{operation}\t{' '.join(sorted(kits))}\n" for operation, kits in sorted(called.items())))
        print(f"{path.name} is written; make update brings docs/compatibility.md up to date")
        return 0
    listed = {}
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            operation, kits = line.split("\t")
            listed[operation] = set(kits.split())
    missing = [(operation, kit) for operation, kits in listed.items() for kit in sorted(kits - called[operation])]
    for operation, kit in missing:
        print(f"{kit} does not call {operation} with success any more")
    if missing:
        print(f"{path.name} lists these calls, so tests are gone or fail. If that is meant: PODIUM_UPDATE=1 make e2e, then make update")
    new = sum(len(kits - listed.get(operation, set())) for operation, kits in called.items())
    if new:
        print(f"{new} calls of operations by kits are not in {path.name} yet: PODIUM_UPDATE=1 make e2e, then make update")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(log) for log in sys.argv[2:]]))
