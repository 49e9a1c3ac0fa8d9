"""What every HTTP server of ours needs: a socket, limits, signals, and silence about who asks."""
