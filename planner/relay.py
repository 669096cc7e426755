"""Objects with an id, and lists by pages."""

from typing import Generic, TypeVar

import strawberry

Item = TypeVar("Item")


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque; the same for as long as the object exists.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first item: `before` for the page before."
    )
    end_cursor: str | None = strawberry.field(description="The cursor of the last item: `after` for the next page.")


@strawberry.type(description="An item and its place in the list.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="The place of this item.")
    node: Item = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Item]):
    edges: list[Edge[Item]] = strawberry.field(description="The items with their cursors.")
    nodes: list[Item] = strawberry.field(description="The items.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    total_count: int = strawberry.field(description="How many items you may see, whatever the page.")
