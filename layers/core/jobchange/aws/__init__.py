"""AWS as the functions use it: clients, messages and their queues, the topic, secrets, retries, logs and metrics.

May use contract.
"""
