"""PCM craft that knows nothing of leaflets: 16-bit mono samples in; chapters, MP3, tags and M4B out."""
