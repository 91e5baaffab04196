"""One file a change of the tables; each goes up and down."""
