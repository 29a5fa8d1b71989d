"""The claim ``load``: the bot under interactions, checks and many customers; see ``run``."""
