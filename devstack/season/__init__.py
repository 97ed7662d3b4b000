"""A season played from outside, as the world would play it: webhooks, uploads, opened links."""
