"""Shell room. In: what happens in conversations and rosters, what offices answer. Out: counts of what people need against what policy gives,
questions for offices as a sheet and their answers as confirmations, what a change of the catalogue would do."""
