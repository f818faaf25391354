"""Cells as spreadsheets write and read them. Pure."""

# Programs that open tables take a cell that begins like this for a formula, and would run it.
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """The cell as it may stand in a table we hand out: what would be run as a formula is shown as text instead."""
    return f"'{cell}" if cell.startswith(_LIKE_A_FORMULA) else cell
