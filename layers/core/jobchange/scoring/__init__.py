"""Probabilities for candidates: files in batches, requests while they wait, explanations.

May use contract, aws, store, registry.
"""
