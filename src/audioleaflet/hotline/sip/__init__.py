"""The telephone line itself: a SIP user agent that is called and never calls.

headers, message     requests and responses (RFC 3261)
sdp                  offers and answers of sound (RFC 8866, 3264)
rtp, dtmf            packets of sound, and keys (RFC 3550, 4733)

These read and write bytes and nothing else: no socket, no clock. On them stands the server:

door, server         the socket, signals, threads, lines for the operator
guard, refusals      who may call, how much of it, and what is refused before anything is remembered
agent                each datagram to the call that it belongs to
leg, dialog, transactions, negotiation, expiry     one call as SIP sees it
line, desk           one caller: events into steps of the call, its actions into sound; places in a thread
media, ticker, ports                               packets out each 20 ms, keys in
office               what all calls share
"""
