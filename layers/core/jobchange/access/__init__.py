"""Who may call, and as what: tokens and roles.

May use contract, aws, store.
"""
