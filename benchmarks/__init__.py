"""What we promise to be fast, measured side by side with what it is compared to."""
