"""Model versions: what one consists of, and which one is used.

May use contract, statistics, aws, store.
"""
