"""Slack's Web API: one module per family, one dispatcher."""
