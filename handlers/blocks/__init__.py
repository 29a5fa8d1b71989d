"""Pure builders: domain objects in, Slack's blocks out. None of them asks anybody anything."""
