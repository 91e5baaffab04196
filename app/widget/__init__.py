"""Shell: what people see in a browser - the chat element, its pages, and the public page and card of each measure."""
