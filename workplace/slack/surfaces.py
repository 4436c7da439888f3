"""Homes and forms: what each person has in front of them, besides messages."""

import secrets
from dataclasses import replace
from typing import Literal

from workplace.shapes import Json
from workplace.slack.records import View
from workplace.slack.refusals import Refused

DEEPEST_STACK = 3


class Surfaces:
    def __init__(self) -> None:
        self._homes: dict[str, View] = {}
        self._stacks: dict[str, list[View]] = {}

    def home(self, person_id: str) -> View | None:
        return self._homes.get(person_id)

    def stack(self, person_id: str) -> tuple[View, ...]:
        """Return the person's open forms, the one on top last."""
        return tuple(self._stacks.get(person_id, ()))

    def top(self, person_id: str) -> View | None:
        stack = self._stacks.get(person_id)
        return stack[-1] if stack else None

    def find(self, *, view_id: str | None, external_id: str | None = None) -> View | None:
        for view in (*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)):
            if (view_id and view.id == view_id) or (external_id and view.content.get("external_id") == external_id):
                return view
        return None

    def publish(self, person_id: str, content: Json, *, expected_hash: str | None) -> View:
        before = self._homes.get(person_id)
        if expected_hash and (before is None or before.hash != expected_hash):
            raise Refused("hash_conflict")
        view = _fresh("home", person_id, content) if before is None else _rewritten(before, content, state={})
        self._homes[person_id] = view
        return view

    def open(self, person_id: str, content: Json) -> View:
        """Show a form; any forms the person had open are gone."""
        view = _fresh("modal", person_id, content)
        self._stacks[person_id] = [view]
        return view

    def push(self, person_id: str, content: Json) -> View:
        stack = self._stacks.get(person_id)
        if not stack:
            raise Refused("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise Refused("push_limit_reached")
        view = _fresh("modal", person_id, content, below=stack[-1])
        stack.append(view)
        return view

    def rewrite(self, view: View, content: Json, *, expected_hash: str | None = None) -> View:
        """Replace what the bot shows in `view`; entries survive where block and action keep their ids."""
        if expected_hash and view.hash != expected_hash:
            raise Refused("hash_conflict")
        return self.put(_rewritten(view, content, state=view.state))

    def put(self, view: View) -> View:
        if view.type == "home":
            self._homes[view.person_id] = view
        else:
            stack = self._stacks.get(view.person_id, [])
            self._stacks[view.person_id] = [view if other.id == view.id else other for other in stack]
        return view

    def close(self, view: View) -> None:
        """Take `view` away, wherever it stands in the stack; nothing happens when it is gone already."""
        stack = self._stacks.get(view.person_id, [])
        self._stacks[view.person_id] = [other for other in stack if other.id != view.id]

    def close_all(self, person_id: str) -> None:
        self._stacks.pop(person_id, None)


def _fresh(kind: Literal["modal", "home"], person_id: str, content: Json, *, below: View | None = None) -> View:
    view_id = f"V{secrets.token_hex(5).upper()}"
    return View(
        id=view_id,
        type=kind,
        person_id=person_id,
        content=content,
        hash=_new_hash(),
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
    )


def _rewritten(view: View, content: Json, *, state: Json) -> View:
    return replace(view, content=content, hash=_new_hash(), state=state, errors={})


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}"
