"""Which functions of storage reach what is a person's own: read from the code, through everything it calls.

A function reaches a table when its body names the table, or a name of its module that does, or a function that does.
"""

import ast
import inspect
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import storage

PRIVATE = frozenset(
    {
        "answer",
        "reflection",
        "plan",
        "follow_up",
        "recall_memory",
        "survey_response",
        "enrolment_focus",
        "kept_behaviour",
        "peer",
        "feedback",
        "signed_suggestion",
        "facilitation",
        "chat_message",
        "contribution",
        "token_given",
        "vote",
        "wrap_up_approval",
        "baton_approval",
        "paired",
        "exclusion",
        "sitting_out",
    }
)
MODELS = frozenset(
    {
        "Answer",
        "Reflection",
        "Plan",
        "FollowUp",
        "RecallMemory",
        "SurveyResponse",
        "EnrolmentFocus",
        "KeptBehaviour",
        "Peer",
        "Feedback",
        "SignedSuggestion",
        "Facilitation",
        "ChatMessage",
        "Contribution",
        "TokenGiven",
        "Vote",
        "WrapUpApproval",
        "Paired",
        "Exclusion",
        "SittingOut",
        "BatonApproval",
    }
)
HOMES = frozenset(
    f"storage.tables.{name}" for name in ("answers", "feedback", "focus", "pairs", "relays", "rounds", "surveys")
)
WHOSE = frozenset({"person", "person_id"})
"""The names of the parameter that says whose it is about."""

Code = dict[str, ast.AST]
"""What a module's own names stand for."""


def storage_modules() -> list[ModuleType]:
    names = [found.name for found in iter_modules(storage.__path__) if not found.ispkg]
    return [import_module(f"storage.{name}") for name in names]


def functions_reaching_private_tables(modules: Sequence[ModuleType]) -> Iterator[tuple[str, bool]]:
    """Yield "module.function" of all public functions that do, methods as "module.Class.method", and whether they
    must be told whose it is."""
    code = {module.__name__: _code_of(module) for module in modules}
    for module, names in code.items():
        for name, node in names.items():
            for shown, function in _functions(name, node):
                if _runs_queries(function) and _reaches(code, module, function, frozenset()):
                    yield f"{module.removeprefix('storage.')}.{shown}", _must_be_told_whose(function)


def _functions(name: str, node: ast.AST) -> Iterator[tuple[str, ast.FunctionDef]]:
    if isinstance(node, ast.FunctionDef) and not name.startswith("_"):
        yield name, node
    if isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                yield f"{name}.{method.name}", method


def _runs_queries(function: ast.FunctionDef) -> bool:
    """Whether it is given a session. A function that is not can only build a statement, for another one to run."""
    return any(one.arg == "session" for one in (*function.args.args, *function.args.kwonlyargs))


def _must_be_told_whose(function: ast.FunctionDef) -> bool:
    """Whether a parameter without a default says it."""
    given = [*function.args.posonlyargs, *function.args.args]
    must = given[: len(given) - len(function.args.defaults)]
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    must += [one for one, default in named if default is None]
    return any(one.arg in WHOSE for one in must)


def _code_of(module: ModuleType) -> Code:
    return {name: node for node in _tree(module).body for name in _names(node)}


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name for alias in aliases]
        case _:
            return []


def _reaches(code: dict[str, Code], module: str, node: ast.AST, seen: frozenset[tuple[str, str]]) -> bool:
    for one in ast.walk(node):
        match one:
            case ast.Constant(value=str(text)) if text in PRIVATE:
                return True
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if target := _module(code, module, name):
                if (target, attribute) not in seen and attribute in code[target]:
                    there = seen | {(target, attribute)}
                    if _reaches(code, target, code[target][attribute], there):
                        return True
            case ast.Name(id=name) if _named(code, module, name, seen):
                return True
            case _:
                continue
    return False


def _named(code: dict[str, Code], module: str, name: str, seen: frozenset[tuple[str, str]]) -> bool:
    node = code[module].get(name)
    if node is None or (module, name) in seen:
        return False
    if isinstance(node, ast.ImportFrom):
        if node.module in HOMES:
            return name in MODELS
        source = node.module or ""
        return source in code and _named(code, source, name, seen | {(module, name)})
    return _reaches(code, module, node, seen | {(module, name)})


def _module(code: dict[str, Code], module: str, name: str) -> str | None:
    """Return the storage module that a name stands for, as after `from storage import answers`."""
    node = code[module].get(name)
    if isinstance(node, ast.ImportFrom) and node.module == "storage" and f"storage.{name}" in code:
        return f"storage.{name}"
    return None
