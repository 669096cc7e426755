"""How every table of ours spells its columns, keys and names."""

from collections.abc import Iterable
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlmodel import Field, SQLModel

from .access import Access
from .personal import NoPerson, Personal

MOMENT = TIMESTAMP(timezone=True)
JSON = JSONB()
TEXTS = ARRAY(Text)
UUIDS = ARRAY(UUID_TYPE(as_uuid=True))
INTEGERS = ARRAY(Integer)

SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_pk",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}
METADATA: MetaData = SQLModel.metadata


class Row(SQLModel):
    """A table of ours, with what the roles may do with it and what it says about people."""

    __access__: ClassVar[Access]
    __personal__: ClassVar[Personal | NoPerson]


def column(kind: Any, *, null: bool = False, default: str | None = None) -> Any:
    """A column; `default` is SQL."""
    server_default = None if default is None else text(default)
    return Field(sa_column=Column(kind, nullable=null, server_default=server_default))


def tenant() -> Any:
    return column(UUID_TYPE(as_uuid=True))


def identifier(*, ordered: bool = True) -> Any:
    """A UUID: version 7, or version 4 where even the day something happened in must not show."""
    return column(UUID_TYPE(as_uuid=True), default="uuidv7()" if ordered else "gen_random_uuid()")


def reference(*, null: bool = False) -> Any:
    return column(UUID_TYPE(as_uuid=True), null=null)


def moment(*, null: bool = False, default: str | None = None) -> Any:
    return column(MOMENT, null=null, default=default)


def computed(sql: str) -> Any:
    """A text PostgreSQL computes from the other columns and keeps."""
    return Field(sa_column=Column(Text, Computed(sql, persisted=True), nullable=True))


def folded(name: str, before: str = "") -> Any:
    """What the column `name` is searched by: without accents, in lower case. PostgreSQL keeps it."""
    return computed(f"{before}folded_name({name})")


def key(*names: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint("trust_id", *(names or ("id",)))


def belongs_to_trust() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["trust_id"], ["trust.id"])


def points_to(table: str, name: str) -> ForeignKeyConstraint:
    """A foreign key that cannot cross trusts."""
    return ForeignKeyConstraint(["trust_id", name], [f"{table}.trust_id", f"{table}.id"])


def listed(values: Iterable[Enum]) -> str:
    """The values as SQL lists them, in an order that does not change."""
    return ", ".join(sorted(f"'{member.value}'" for member in values))


def one_of(name: str, values: Iterable[Enum]) -> CheckConstraint:
    """The column holds a value of the domain's closed list, or of a part of it."""
    allowed = ", ".join(f"'{member.value}'" for member in values)
    return CheckConstraint(f"{name} in ({allowed})", name=name, info={"values": values})
