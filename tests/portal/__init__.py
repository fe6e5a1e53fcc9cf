"""The portal, through the client."""
