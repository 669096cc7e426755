"""The GraphQL face: types declared over tables, mutations that call one action each. No rules, no SQL."""

from . import vocabulary  # first of all: enums must be described before any type uses them

__all__ = ["vocabulary"]
