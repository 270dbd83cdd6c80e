"""The records of a text that arrives in pieces, block by block."""

from collections.abc import Iterator

from jobchange.reading.header import Layout
from jobchange.reading.records import MAX_LINE, Records, split, too_long


def blocks(rows: bytes, text: Iterator[bytes], layout: Layout, chunk_bytes: int) -> Iterator[Records]:
    """The file's records, those of some `chunk_bytes` of text at a time; `rows` is the text's beginning."""
    newline = layout.newline.encode()
    pending = bytearray(rows)
    final = False
    while not final:
        piece = next(text, None)
        if piece is not None:
            pending += piece
            if len(pending) < chunk_bytes:
                continue
        else:
            final = True
            if pending and not pending.endswith(newline):
                pending += newline
        cut = pending.rfind(newline) + 1
        if cut:
            block = bytes(pending[:cut])
            records, used = split(block, layout, final=final)
            del pending[:used]
            yield records
        elif len(pending) > MAX_LINE + 1:
            raise too_long()
