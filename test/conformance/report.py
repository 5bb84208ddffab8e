"""Runs the unittest classes of one file and prints one JSON line per test, for mocha to show each as its own.

    python report.py list FILE      {"name": "Class.test"} for every test of the file
    python report.py run FILE       {"name": ..., "outcome": "passed" | "failed" | "skipped", "detail": "..."}

A test with a failing or skipped subtest has failed or is skipped as a whole: nothing is left out silently.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import unittest
from pathlib import Path


class Report(unittest.TestResult):
    def __init__(self, out) -> None:
        super().__init__()
        self.out = out
        self.problems: list[tuple[str, str]] = []

    def startTest(self, test) -> None:
        super().startTest(test)
        self.problems = []

    def addError(self, test, err) -> None:
        if not isinstance(test, unittest.TestCase):
            # A fixture of a class: it has no startTest and no stopTest.
            self.print(str(test), "failed", self._exc_info_to_string(err, test))
        self.problems.append(("failed", self._exc_info_to_string(err, test)))

    def addFailure(self, test, err) -> None:
        self.addError(test, err)

    def addSkip(self, test, reason) -> None:
        self.problems.append(("skipped", reason))

    def addSubTest(self, test, subtest, err) -> None:
        if err is not None:
            detail = f"{subtest._subDescription()}\n{self._exc_info_to_string(err, test)}"
            self.problems.append(("failed", detail))

    def stopTest(self, test) -> None:
        super().stopTest(test)
        outcomes = {outcome for outcome, _ in self.problems}
        outcome = "failed" if "failed" in outcomes else "skipped" if outcomes else "passed"
        self.print(name_of(test), outcome, "\n".join(detail for _, detail in self.problems))

    def print(self, name: str, outcome: str, detail: str) -> None:
        print(json.dumps({"name": name, "outcome": outcome, "detail": detail}), file=self.out, flush=True)


def name_of(test: unittest.TestCase) -> str:
    return f"{type(test).__name__}.{test._testMethodName}"


def load(file: str) -> unittest.TestSuite:
    """The tests of the classes that the file defines, not of those that it only imports."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__ == spec.name
    ]
    loader = unittest.TestLoader()
    return unittest.TestSuite(loader.loadTestsFromTestCase(each) for each in classes)


def main(command: str, file: str) -> None:
    sys.dont_write_bytecode = True
    # What a test or a kernel prints must not get between our lines.
    out, sys.stdout = sys.stdout, sys.stderr
    suite = load(file)
    if command == "list":
        for group in suite:
            for test in group:
                print(json.dumps({"name": name_of(test)}), file=out)
    else:
        suite.run(Report(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
