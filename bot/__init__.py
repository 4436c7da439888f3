"""The conversation: what we say and how we react, dressed for each platform; settings, command line, bootstrap."""
