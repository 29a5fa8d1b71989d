"""The page's own API, `/_ui/*`: what a person sees, and what a person does."""
