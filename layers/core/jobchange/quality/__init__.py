"""One dropped file, from its bytes to good rows, bad rows, findings and a report.

May use contract, aws, documents, statistics, reading, store, registry.

`validate.validate` is the way in. The rows come from the room `reading`, judged by `schema`; `good_rows` and `bad_rows`
write them, `quarantine` is the bad file's format, `identifiers` is the index of whose rows these are,
`findings_builder` counts, `findings` is what comes out, and `report` shows it. `ingest` does all this to an object of
the lake.
"""
