"""Shell room. In: an official's clicks and keys. Out: pages drawn by the server: the counter, the inbox, and what others hang into the frame."""
