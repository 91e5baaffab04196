"""Shell room. In: HTTP requests of the contract (REST v1). Out: JSON, or problem+json that says what to do instead."""
