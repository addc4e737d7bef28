"""Notes which methods of the kit's services the tests call, and get an answer by, for ../methods.py.

The kit's classes are wrapped while the tests run; its files stay as they are. What a service does on behalf of a user it has from a class
of its own, so `UserService.search_users` and `OboUserService.search_users` are two. A call from inside the kit does not count.
"""

import functools
import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import symphony.bdk.core.service
from symphony.bdk.ext.group import SymphonyGroupService

CALLED = set()


def services() -> list[type]:
    """The classes of all services, of the kit and its group extension."""
    found = [SymphonyGroupService]
    root = symphony.bdk.core.service
    for module in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
        for name, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if one.__module__ == module.name and name.endswith("Service"):
                found.append(one)
    return found


def methods(service: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(service, inspect.isfunction) if not name.startswith("_")]


def watch() -> None:
    for service in services():
        for name in methods(service):
            if name in vars(service):  # what it inherits is wrapped where it is
                setattr(service, name, _watched(vars(service)[name]))


def write(file: Path) -> None:
    names = sorted(f"{service.__name__}.{name}" for service in services() for name in methods(service))
    file.write_text("".join(f"{name}\t{'called' if name in CALLED else ''}\n" for name in names))


def _watched(method):
    @functools.wraps(method)
    def call(self, *arguments, **named):
        answer = method(self, *arguments, **named)
        if sys._getframe(1).f_globals["__name__"].startswith("symphony."):
            return answer
        return _noted(f"{type(self).__name__}.{method.__name__}", answer)

    return call


def _noted(name, answer):
    """The answer, of which it is noted when it comes: not if it is an exception, of pages not before something of them has come."""
    if inspect.isawaitable(answer):
        return _awaited(name, answer)
    if inspect.isasyncgen(answer):
        return _paged(name, answer)
    CALLED.add(name)
    return answer


async def _awaited(name, answer):
    return _noted(name, await answer)


async def _paged(name, pages):
    async for one in pages:
        CALLED.add(name)
        yield one
    CALLED.add(name)
