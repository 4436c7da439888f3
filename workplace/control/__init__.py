"""`/_control`: how tests and the page look into the workplace and act as the people in it. See the README."""
