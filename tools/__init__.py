"""What `make` runs, besides the shell scripts here."""
