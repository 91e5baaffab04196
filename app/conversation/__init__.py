"""Core room. In: a conversation's state, a message, the world. Out: events and a reply."""

from app.conversation.opening import open_conversation
from app.conversation.reply import Reply, Turn
from app.conversation.state import Event, State, fold
from app.conversation.turn import correct, take
from app.conversation.world import World

__all__ = ["Event", "Reply", "State", "Turn", "World", "correct", "fold", "open_conversation", "take"]
