"""Reading QuickBooks Online: accounts, items, customers, and who authorised the connection."""
