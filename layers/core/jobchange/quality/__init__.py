"""One dropped file, from its bytes to good rows, bad rows, findings and a report.

May use contract, aws, documents, statistics, store, registry.

`validate.validate` is the way in. `decode` unpacks and decodes; `zipped` and `workbook` make text of Excel's files, and
`formats` names what else is no text. `header` finds the layout, `records` cuts records and
cells, `check` judges them by what `dictionary` knows of texts and `schema` decides, `good_rows` and `bad_rows` write
the rows, `quarantine` is the bad file's format, `findings_builder` counts, `findings` is what comes out, and `report`
shows it. `ingest` does all this to an object of the lake.
"""
