"""The leaflet by telephone on an exchange that runs Asterisk: a dialplan, the sounds and a page for its operator.

plan      a dialplan as facts, and how it is written down
sounds    which sounds it plays, under which names, and cutting one out of another
keys      what every context has in common
reading   the leaflet being read, paused and finished
choosing  the menu and all that is chosen in it
line      the call's begin: languages and leaflets
export    the folder that an operator installs
"""
