"""The Slack stand-in: Web API, Socket Mode, signed HTTP delivery and the page's own API."""
