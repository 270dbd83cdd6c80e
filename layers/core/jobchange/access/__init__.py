"""Who may call, and as what: tokens, roles, and what both APIs share of HTTP.

May use contract, aws, store.
"""
