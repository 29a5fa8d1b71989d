"""The QuickBooks Online stand-in: Accounting API, OAuth 2 and OpenID Connect."""
