"""The web library served over HTTP/1.1, with byte ranges: ``audioleaflet serve``.

    run         a socket, signals, lines for the operator
    guard       limits of time, room and number where HTTP is read
    front       headers that every answer has, totals, an end to every fault
    app         one request: address, file, answer, bytes
    bind · addresses · files · conditions · answers · media · policy · pages · refusals · counts
    service     what keeps it running: a systemd unit, a Containerfile

Nothing that it tells or keeps is of a person: no address, no user agent, no path.
"""
