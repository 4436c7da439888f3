"""What people do in Teams."""
