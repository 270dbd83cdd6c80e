"""Alerts on their way from the outbox to people, and the watch that finds what to alert about.

May use contract, aws, store, monitoring.
"""
