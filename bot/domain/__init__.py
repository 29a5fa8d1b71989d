"""What must be true before OneCore can start: pure rules, no Slack, HTTP, database or clock."""
