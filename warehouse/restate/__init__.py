"""Compiled SQL run again: as of an instant, under another decision, by older models."""
