"""Read, check, split, report: from the bytes of a dropped file to good parts, bad rows, findings and a report.

`validate.validate` is the way in. `stream` unpacks and decodes, `header` finds the layout, `records` cuts records and
cells, `check` judges them by what `lexicon` knows of texts and `schema` decides, `good` and `bad` write the rows,
`quarantine` is the bad file's format, `tally` counts, `findings` is what comes out, and `report` tells it. `ingest`
does all this to an object of the lake.
"""
