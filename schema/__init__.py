"""The GraphQL face: types declared over tables, mutations that call one action each. No rules, no SQL."""
