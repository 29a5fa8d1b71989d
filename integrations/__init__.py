"""The systems outside: Procore, QuickBooks Online and e-mail, and stand-ins of them."""
