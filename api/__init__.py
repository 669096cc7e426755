"""The doors: by HTTP, by the command line, and the worker's own clock; beside them what they share. No rules, no SQL."""
