"""What we say and how we react, in our own words. Knows no platform."""
