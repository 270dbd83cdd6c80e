"""The one reader of files: from bytes, whatever they are, to rows that are checked against the contract.

May use contract, documents.

`table` is the way in, for the lake, for training and for a file that is sent to be scored at once. `decode` unpacks and
decodes, with `formats`, `zipped` and `workbook` for what isn't plain text; `header` finds the layout, `records` cuts
records and cells, `check` judges them by what `dictionary` knows of texts.
"""
