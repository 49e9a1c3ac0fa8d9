"""What was made: chapters, cues, files, and the manifest that describes them."""
