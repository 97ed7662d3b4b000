"""The local world: AWS on a laptop, an inbox, and a command line over both. Never ships."""
