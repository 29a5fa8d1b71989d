"""The onboarding bot: domain, services, storage, and the composition root."""
