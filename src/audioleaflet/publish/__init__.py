"""What people use: formats written from a book alone."""
