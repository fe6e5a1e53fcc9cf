"""What code can come to be run from some modules: a walk over names, without running anything.

A definition is a function, a class or an assignment at the top of a module of ours. It reaches
each definition that it names, as ``name`` or ``module.name``; a class reaches its methods. What is
only found out at run time (a method of an unknown object) counts through the class that was named.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
Place = tuple[str, str]
"""A module and the name of a definition in it."""


@dataclass
class Module:
    """A module's definitions, and what the names in it stand for."""

    name: str
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)


def reached(beginnings: Iterable[str]) -> dict[Place, list[ast.stmt]]:
    """Every definition that those of the modules below ``beginnings`` can come to."""
    modules = _modules()
    waiting = [
        (name, defined)
        for name, module in modules.items()
        for defined in module.defined
        if any(name == one or name.startswith(f"{one}.") for one in beginnings)
    ]
    found: dict[Place, list[ast.stmt]] = {}
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = modules[place[0]].defined[place[1]]
            waiting += [one for each in found[place] for one in _named(modules[place[0]], each)]
    return found


def _named(module: Module, statement: ast.stmt) -> Iterator[Place]:
    modules = _modules()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found = _resolve((module.name, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            of = module.names.get(node.value.id)
            whole = ".".join(filter(None, of)) if of else ""
            found = _resolve((whole, node.attr)) if whole in modules else None
        else:
            continue
        if found is not None:
            yield found


def _resolve(place: Place, depth: int = 0) -> Place | None:
    """Where what ``place`` names was defined: through imports and packages that pass it on."""
    module = _modules().get(place[0])
    if module is None or depth > 5:
        return None
    if place[1] in module.defined:
        return place
    passed_on = module.names.get(place[1])
    return _resolve(passed_on, depth + 1) if passed_on else None


@cache
def _modules() -> dict[str, Module]:
    found = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = _read(Module(name), ast.parse(path.read_text(encoding="utf-8")))
    return found


def _read(module: Module, tree: ast.Module) -> Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app"):
            for alias in node.names:
                module.names[alias.asname or alias.name] = (str(node.module), alias.name)
    for statement in tree.body:
        for name in _names_of(statement):
            module.defined.setdefault(name, []).append(statement)
    return module


def _names_of(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
