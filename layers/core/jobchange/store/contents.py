"""Which file was the first with a content: another one is a duplicate of it."""

from jobchange.store import conditions
from jobchange.store.tables import ContentRow


def claim(content: str, file_id: str) -> str:
    """Register a file as the first with this content; returns the file that is (another one: it is a duplicate)."""
    row = ContentRow(content, file_id=file_id)
    if conditions.held(lambda: row.save(ContentRow.content.does_not_exist())):
        return file_id
    return str(ContentRow.get(content, consistent_read=True).file_id)


def transfer(content: str, *, old: str, new: str) -> None:
    """Let the replay of a file be the first with its content; nothing happens when another file is."""
    conditions.update(ContentRow(content), [ContentRow.file_id.set(new)], ContentRow.file_id == old)
