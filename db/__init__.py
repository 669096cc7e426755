"""Tables, SQL and migrations: the only room that knows the database."""
