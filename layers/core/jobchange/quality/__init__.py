"""Read, check, split, report: from the bytes of a dropped file to good parts, bad rows, findings and a report.

`validate.validate` is the way in; `stream` unpacks and decodes, `header` finds the layout, `records` cuts records and
cells, `check` judges them with the words of `lexicon` and the checks of `schema`, `good` and `quarantine` write the
rows, `findings` is what comes out and `report` tells it.
"""
