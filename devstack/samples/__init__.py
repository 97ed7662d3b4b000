"""Values that look real: what tests and the preview of letters are made from."""
