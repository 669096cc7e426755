"""What can keep a document from being planned."""


class PlanRefused(Exception):
    """The document asks for something that is not given. `code` goes to the client."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NotPlannable(Exception):
    """The planner leaves this document to ordinary execution: introspection, for one."""
