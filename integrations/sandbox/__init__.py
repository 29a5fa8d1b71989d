"""Stand-ins of Procore, QuickBooks Online and Slack that speak the real wire protocols."""
