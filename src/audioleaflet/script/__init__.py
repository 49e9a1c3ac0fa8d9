"""What is said: every utterance, shown beside spoken."""
