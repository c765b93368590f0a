"""The roof: the command line, the one web application, the demo. It knows every room; nothing imports it."""
