"""Shell: `guiyan user …` on the command line: what may follow it. The work itself is in app/accounts/commands.py."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app.accounts.people import ROLES


def add_commands(to: argparse.ArgumentParser) -> None:
    """The words that may follow `guiyan user`."""
    words = to.add_subparsers(dest="word", required=True, metavar="WORD")

    def word(name: str, what: str, named: bool = True) -> argparse.ArgumentParser:
        found = words.add_parser(name, help=what, description=what)
        found.set_defaults(run=_late(name))
        if named:
            found.add_argument("name", metavar="NAME", help="the name to sign in with, e.g. pianguan.wang")
        return found

    adding = word("add", "make an account; the password is asked for, or read from standard input")
    adding.add_argument(
        "--role", choices=ROLES, default="official", help="official: counter and inbox; editor: confirms the catalogue too; admin"
    )
    adding.add_argument("--place", required=True, metavar="PLACE", help="the county, city or province it is for, e.g. 偏关县 or 忻州市")
    adding.add_argument("--subject", metavar="SUB", help="who this is in the directory of single sign-on; then no password is asked for")
    word("list", "list every account with role, place and standing", named=False)
    word("disable", "close an account at once: sessions and keys end")
    word("password", "set another password; whoever is signed in must sign in again")
    keys = word("key", "make a key for a program that works for this account over REST; it is shown once")
    keys.add_argument("--revoke", action="store_true", help="end every key of the account instead")


def _late(word: str) -> Callable[[argparse.Namespace], int]:
    """A command whose module, with the database behind it, is only loaded when it is run."""

    def run(arguments: argparse.Namespace) -> int:
        from app.accounts.commands import COMMANDS

        return COMMANDS[word](arguments)

    return run
