"""Tells which methods of the SDKs' services no test calls, for oneself or on behalf of a user, by the lists that the suites leave behind.

    methods.py LEFT_OUT LIST FOLDER...     # a folder is named SCHEME-KIT-VERSION

In each folder the suite has left methods.txt: every public method of every service of the kit, as the kit itself has them, and whether a test
has called it and got an answer that is no error. One that was called in no suite of its kit is a failure, unless LEFT_OUT says why it is not
called: a line for some methods has the kit, a tab, the methods, a tab, the reason; both may be patterns. An unnecessary line there is a failure, too.

LIST has a line for each method: its name, a tab, the kits, a tab, why it is left out. PODIUM_UPDATE=1 writes it again.
"""

import os
import sys
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

HEAD = "# Which methods of the services of the official SDKs are called by their suites. Written by PODIUM_UPDATE=1 make e2e.\n"


class LeftOut:
    """A line of LEFT_OUT."""

    def __init__(self, line: str):
        self.kit, self.method, self.reason = line.split("\t")
        self.used = False

    def covers(self, kit: str, method: str) -> bool:
        return fnmatchcase(kit, self.kit) and fnmatchcase(method, self.method)


def main(left_out: Path, path: Path, folders: list[Path]) -> int:
    reasons = [LeftOut(line) for line in left_out.read_text().splitlines() if line and not line.startswith("#")]
    there, called = defaultdict(set), defaultdict(set)
    wrong = []
    for folder in folders:
        kit = folder.name.split("-", 1)[1]
        if not (folder / "methods.txt").is_file():
            wrong.append(f"{folder.name} left no list of methods behind")
            continue
        for line in (folder / "methods.txt").read_text().splitlines():
            method, was = line.split("\t")
            there[kit].add(method)
            if was:
                called[kit].add(method)

    rows = defaultdict(lambda: ([], []))
    for kit in sorted(there):
        for method in there[kit]:
            covering = next((one for one in reasons if one.covers(kit, method)), None)
            if covering:
                covering.used = True
                rows[method][1].append((kit, covering.reason))
                if method in called[kit]:
                    wrong.append(f"{kit} calls {method}, which {left_out.name} leaves out")
            elif method not in called[kit]:
                wrong.append(f"no test of {kit} calls {method} with success")
            else:
                rows[method][0].append(kit)
    wrong += [f"{left_out.name}: {one.kit} has no {one.method}" for one in reasons if not one.used]
    text = HEAD + "".join(f"{method}\t{' '.join(kits)}\t{why(kits, out)}\n" for method, (kits, out) in sorted(rows.items()))
    if not wrong and os.environ.get("PODIUM_UPDATE") == "1":
        path.write_text(text)
        print(f"{path.name} is written")
    elif not wrong and path.read_text() != text:
        wrong.append(f"{path.name} says otherwise: PODIUM_UPDATE=1 make e2e")
    print("\n".join(wrong) or f"{sum(map(len, called.values()))} methods of the SDKs' services are called")
    return int(bool(wrong))


def why(kits: list[str], out: list[tuple[str, str]]) -> str:
    """The reason; of which kit, where others call the method."""
    return "; ".join(f"{kit}: {reason}" for kit, reason in out) if kits else "; ".join(sorted({reason for _, reason in out}))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(folder) for folder in sys.argv[3:]]))
