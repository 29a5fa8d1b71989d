"""The commands of `onboard`, one module each."""
