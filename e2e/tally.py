"""Adds up the JUnit reports of all suites: `N passed, N failed`. Takes folders, each of which a suite was to fill.

A suite which left no report behind, or one without tests, did not run; it counts as one failure and not as none.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

passed = failed = 0

for folder in map(Path, sys.argv[1:]):
    cases = [case for report in folder.glob("*.xml") for case in ElementTree.parse(report).iter("testcase")]
    broken = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    if not cases:
        print(f"{folder.name}: did not run")
        failed += 1
        continue
    passed += len(cases) - len(broken) - len(skipped)
    failed += len(broken)
    for case in broken:
        print(f"{folder.name}: {case.get('classname')} {case.get('name')} failed")

print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
