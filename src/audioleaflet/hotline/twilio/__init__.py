"""The telephone line behind Twilio: its requests over HTTPS are answered with TwiML.

signing     which requests are Twilio's, and which addresses are ours
tickets     a call's place, as it is written into the address that Twilio comes back to
snapshots   the editions that calls began with
segments    what is played, cut into pieces of 5 to 12 s
media       a piece as a WAV file
line        requests into events of ``call``
answer      what is to be done into TwiML (``twiml``) and addresses
replays     the same answer to a request that comes again
app, run    HTTP, and ``totals`` for the operator
"""
