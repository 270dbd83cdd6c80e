"""How the system and its model do: drift, live quality, volumes, and what the watch checks.

May use contract, aws, statistics, store, registry.
"""
