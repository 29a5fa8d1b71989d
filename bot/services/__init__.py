"""The use cases, over the ports in ``ports.py``; no Slack, HTTP, database or scheduler."""
