"""What everybody may know of the trusts before asking for one."""

from ..connection import Pool


async def trust_names(pool: Pool) -> dict[str, str]:
    """The name of every trust by its part of the address, in the order of the names."""
    return {row["slug"]: row["name"] for row in await pool.fetch("select slug, name from trust order by name")}
