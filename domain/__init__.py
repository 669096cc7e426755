"""The rules, as plain Python: no I/O, no clock, no SQL, no GraphQL, no settings."""
