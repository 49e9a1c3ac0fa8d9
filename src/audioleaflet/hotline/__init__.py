"""The leaflet by telephone: a call once, free of I/O, and three wires that carry it.

catalogue            what a caller can hear, as facts; ``shelf`` reads it from editions
call                 the call: events in, actions out
places               codes to come back with (SQLite)
sip/, asterisk/, twilio/   the wires
"""
