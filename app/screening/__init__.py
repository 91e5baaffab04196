"""Shell room. In: a roster (xlsx, xls, ods, csv) as bureaus keep them. Out: who can get what, who is one step away, what to ask whom; every problem by
row and column, nothing guessed silently, nothing lost."""
