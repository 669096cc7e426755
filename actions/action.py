"""What can be done: declared once, with who may ask for it and what they say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

from db.transactions import Transaction
from domain.identity.viewer import Caller, Viewer

Command = TypeVar("Command")
Result = TypeVar("Result")
Within = TypeVar("Within")
Act = Callable[[Within, Viewer, Command], Awaitable[Result]]


class InTransaction(Protocol):
    """Does some work in a transaction of its own."""

    async def __call__(self, work: Callable[[Transaction], Awaitable[Result]], /) -> Result: ...


@dataclass(frozen=True, slots=True)
class Action(Generic[Within, Command, Result]):
    """One transaction by one caller. Called, it refuses whoever may not ask for it before anything else happens.

    An action that is slow on purpose is given InTransaction instead of a transaction, so that none waits for it.

    `changes_caller`: who the caller is, or whether they are signed in, is another afterwards. `tells_secret`: its answer
    may be told once and is never kept, so the same request again is another one.
    """

    act: Act[Within, Command, Result]
    caller: Caller
    changes_caller: bool = False
    tells_secret: bool = False

    @property
    def name(self) -> str:
        return self.act.__name__

    @property
    def command(self) -> type[Any] | None:
        """The frozen dataclass that says what is asked for (domain/forms.py); none where there is nothing to say."""
        _, _, command, _ = get_type_hints(self.act).values()
        return None if command is type(None) else command

    @property
    def description(self) -> str:
        """The first paragraph of the docstring, and whom it is for."""
        first = " ".join((self.act.__doc__ or "").partition("\n\n")[0].split())
        return f"{first} {self.caller.description}".strip()

    async def __call__(self, within: Within, viewer: Viewer, command: Command) -> Result:
        self.caller.check(viewer)
        return await self.act(within, viewer, command)


def action(
    caller: Caller, *, changes_caller: bool = False, tells_secret: bool = False
) -> Callable[[Act[Within, Command, Result]], Action[Within, Command, Result]]:
    """Declares the function below as an action for this caller."""
    return lambda act: Action(act, caller, changes_caller, tells_secret)
