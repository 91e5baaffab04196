"""Shell room. In: a name and a password, a session cookie or a key. Out: the official who works, with role and place; and the log of what was done."""
