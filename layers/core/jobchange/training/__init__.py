"""A model from labelled candidates: read, fit, evaluate, gates, export, card.

May use contract, aws, documents, statistics, reading, store, registry.
"""
