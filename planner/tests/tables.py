"""The tables of the toy: public libraries, each a tenant, with authors, books, readers and loans."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    id: Mapped[UUID] = mapped_column(primary_key=True)


class LibraryRow(Base):
    __tablename__ = "library"
    name: Mapped[str]


class AuthorRow(Base):
    __tablename__ = "author"
    library_id: Mapped[UUID] = mapped_column(ForeignKey("library.id"))
    name: Mapped[str]
    born: Mapped[int | None]
    remarks: Mapped[str | None]


class BookRow(Base):
    __tablename__ = "book"
    library_id: Mapped[UUID] = mapped_column(ForeignKey("library.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("author.id"))
    title: Mapped[str]
    genre: Mapped[str]
    pages: Mapped[int]
    keywords: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    published: Mapped[date | None]
    text: Mapped[str | None]
    is_withdrawn: Mapped[bool]


class ReaderRow(Base):
    __tablename__ = "reader"
    library_id: Mapped[UUID] = mapped_column(ForeignKey("library.id"))
    name: Mapped[str]
    email: Mapped[str]


class LoanRow(Base):
    __tablename__ = "loan"
    library_id: Mapped[UUID] = mapped_column(ForeignKey("library.id"))
    book_id: Mapped[UUID] = mapped_column(ForeignKey("book.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id"))
    lent_on: Mapped[date]
    returned_on: Mapped[date | None]
