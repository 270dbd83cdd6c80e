"""Erasure: everything that is kept of a candidate is deleted or overwritten.

May use contract, aws, reading, store, quality.
"""
