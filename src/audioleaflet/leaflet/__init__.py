"""The leaflet: the text as an editor wrote it, found, read and checked."""
