"""The way in: inbox, registry pulls, the one writer of raw, late submission permits."""
