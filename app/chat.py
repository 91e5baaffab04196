"""Shell: the conversation in a terminal. Nothing is kept unless a file is named for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.conversation import Event, Reply, State, World, fold, open_conversation, take
from app.conversation.state import advance

CHOICE, LEAVE = "/", ("/q", "/quit", "/exit")
HINT = {
    "zh": "（打字就行；选第几个就打 /1、/2；不聊了打 /q）",
    "en": "(Just write; /1, /2 choose a button; /q leaves)",
}
BACK = {"zh": "（接着上回的说）", "en": "(Going on from last time)"}


class Terminal:
    """A conversation with one person: reads lines, writes replies, and keeps its events in a file if there is one."""

    def __init__(self, world: World, language: str, write: Callable[[str], None], kept: Path | None = None) -> None:
        self.world, self.write, self.kept = world, write, kept
        self.buttons: Sequence[str] = ()
        past = _read(kept) if kept else []
        self.state: State = fold(past)
        write(HINT[language])
        if past:
            write(BACK[language])
            self.buttons = ()
        else:
            opened = open_conversation(language)
            self._happened(opened.events)
            self.show(opened.reply)

    def run(self, lines: Iterable[str]) -> None:
        """Answers line by line until the person leaves or nothing more comes."""
        for line in lines:
            said = line.strip("\r\n")
            if said.strip() in LEAVE:
                return
            turn = take(self.state, self._chosen(said), self.world)
            self._happened(turn.events)
            self.show(turn.reply)

    def show(self, reply: Reply) -> None:
        """The whole answer, and the buttons under it."""
        self.buttons = [q["text"] for q in reply.quick_replies]
        self.write("\n" + reply.text)
        if self.buttons:
            self.write("  ".join(f"{CHOICE}{n} {text}" for n, text in enumerate(self.buttons, 1)))

    def _chosen(self, said: str) -> str:
        """The button's words for /1, /2 …; other lines as they are."""
        number = said.strip().removeprefix(CHOICE)
        if said.strip().startswith(CHOICE) and number.isdecimal() and 1 <= int(number[:4]) <= len(self.buttons):
            return self.buttons[int(number[:4]) - 1]
        return said

    def _happened(self, events: Sequence[Event]) -> None:
        self.state = advance(self.state, events)
        if self.kept and any(e.kind == "deleted" for e in events):
            self.kept.unlink(missing_ok=True)
        elif self.kept and not self.state.deleted:
            with self.kept.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps({"kind": e.kind, "data": dict(e.data)}) + "\n" for e in events)


def _read(path: Path) -> list[Event]:
    """The events of a file; none where there is no such file. Raises ValueError when it is no file of ours."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Event(row["kind"], row["data"]) for row in rows]
