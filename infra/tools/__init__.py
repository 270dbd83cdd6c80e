"""Installs: the locks of the tools, and what fills an environment from a lock. Uses nothing else here."""
