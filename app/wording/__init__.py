"""Core room. In: figures, verdicts and the language of a reader. Out: plain words, zh or en, in which every number comes from a cited figure."""
