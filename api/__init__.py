"""HTTP and process entry points: routes, authentication, limits, settings, command line, worker. No rules, no SQL."""
