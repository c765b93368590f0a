"""The JSON door: bearer tokens, problem+json, OpenAPI 3.1."""
