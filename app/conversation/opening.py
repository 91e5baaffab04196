"""The first words of a conversation."""

from __future__ import annotations

from app.conversation.reply import Reply, Turn
from app.conversation.state import Event

OPENING = {
    "zh": "您想回哪儿、干点啥、眼下最愁啥？随便说。",
    "en": "Where do you want to go home to, what would you like to do, and what worries you most? Just tell me.",
}
"""The one open question at the start; the only sentence that is said before there is a catalogue."""
FIRST_NEEDS = {
    "zh": {"想干点啥，缺本钱": "needs.funding", "孩子上学": "needs.children_education"},
    "en": {"I need money to start": "needs.funding", "My children’s schooling": "needs.children_education"},
}
"""Quick replies under it for those who would rather tap, and what each tells."""
SHOW_ALL = {"zh": "都有啥", "en": "Show all"}


def open_conversation(language: str = "zh") -> Turn:
    """The first turn: one open question and three quick replies."""
    spoken = language if language in OPENING else "zh"
    text = OPENING[spoken]
    events = (Event("opened", {"language": spoken}), Event("replied", {"text": text, "cards": [], "aside": False, "keep": True}))
    buttons = [{"label": label, "text": label} for label in (*FIRST_NEEDS[spoken], SHOW_ALL[spoken])]
    return Turn(events, Reply(text, ({"kind": "text", "text": text},), tuple(buttons), language=spoken))


def first_need(text: str) -> str | None:
    """The need that a quick reply of the opening tells."""
    return next((needs[text] for needs in FIRST_NEEDS.values() if text in needs), None)
