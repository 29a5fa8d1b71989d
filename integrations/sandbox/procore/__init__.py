"""The Procore stand-in: REST API, OAuth and the login page."""
