"""What is held about a candidate: shown to them, or deleted and overwritten everywhere.

May use contract, aws, reading, store, registry, quality, scoring.
"""
