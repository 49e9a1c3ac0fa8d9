"""Who says it: engines, and clips kept."""
