"""The Web API methods, one file per family. Each takes a Call and returns Slack's answer, or raises Refused."""
