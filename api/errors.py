"""What a user of the command line can get wrong."""


class CommandError(Exception):
    """Nothing was done; the message is one sentence that says what to do."""
