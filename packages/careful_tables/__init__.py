"""What takes the place of something old, whole or not at all."""
