"""What operators do: replay files, redrive dead letters, and the steps of data requests.

May use contract, aws, store, privacy.
"""
