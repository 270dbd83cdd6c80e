"""Job Change: everything the functions share, in rooms. Functions call use cases; use cases never call functions.

Each room says in its first sentence what it is for, and in the next which rooms it may use. The order, from the bottom:
contract, documents, statistics, aws, store, access, registry,
quality, scoring, training, monitoring, alerting, privacy, operations.
"""

__version__ = "1.0.0"
"""The version of the whole project, as in CHANGELOG.md."""
