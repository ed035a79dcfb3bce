# SPDX-License-Identifier: MIT
"""Every message of messages/ over UDP and TCP, followed by what is too large, too long or too
binary for a file, by streams cut in pieces and by hundreds of connections dropped.  After each
of them the daemon must answer OPTIONS; at the end it must place a call and hold no more than a
few file descriptors above those before."""
import glob
import os
import random
import re
import socket
import struct
import tempfile
import time

from daemon import HERE, WAIT, Daemon, check


def messages(daemon):
    """Name and bytes of everything in messages/; @NAME@ and \\xNN are filled in."""
    for path in sorted(glob.glob(os.path.join(HERE, "messages", "*"))):
        data = open(path, "rb").read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        for name, value in (("US", f"127.0.0.1:{daemon.udp}"),
                            ("ME", f"127.0.0.1:{daemon.port}")):
            data = data.replace(f"@{name}@".encode(), value.encode())
        data = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m.group(1), 16)]), data)
        yield os.path.basename(path), data


def invite(daemon, extra="", call="big", uri="sip:2002@example.com"):
    route = (f"Route: <sip:127.0.0.1:{daemon.udp};lr;phase=imsterm>\r\n"
             f"Route: <sip:127.0.0.1:{daemon.port};lr>\r\n")
    return daemon.request(f"INVITE {uri}", "INVITE", f"{call}-{daemon.count}", route + extra)


def monsters(daemon):
    """What is no text file: name and bytes."""
    source = random.Random(4475)
    yield "empty", b""
    yield "crlf", b"\r\n\r\n"
    yield "nul", b"\0" * 1000
    yield "random", bytes(source.randrange(256) for _ in range(60000))
    yield "header-60k", invite(daemon, "X-Huge: " + "a" * 60000 + "\r\n")
    yield "subject-60k-of-quotes", invite(daemon, 'Subject: "' + '\\"' * 29000 + "\r\n")
    yield "thousands-of-headers", invite(daemon, "X: y\r\n" * 9000)
    yield "many-vias", invite(daemon, "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n" * 1000)
    yield "many-routes", invite(daemon, "Route: <sip:192.0.2.1;lr>\r\n" * 1500)
    yield "many-histories", invite(daemon, "History-Info: " + ",".join(
        f"<sip:{i}@example.com?Reason=SIP%3Bcause%3D302>;index=1.{i}" for i in range(800)) + "\r\n")
    yield "parameters", invite(daemon, uri="sip:2002@example.com" + ";p=v" * 12000)
    yield "contact-parameters", invite(daemon, "Contact: <sip:a@b>" + ";p=v" * 12000 + "\r\n")
    yield "escapes", invite(daemon, uri="sip:" + "%41" * 10000 + "@example.com")
    yield "folded", invite(daemon, "Subject: a\r\n" + " b\r\n" * 12000)
    whole = invite(daemon)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(source.randrange(1, 8)):
            data[source.randrange(len(data))] = source.randrange(256)
        yield "flipped", bytes(data)
    for end in range(0, len(whole), 7):
        yield "cut", whole[:end]


def attack_udp(daemon):
    for name, data in list(messages(daemon)) + list(monsters(daemon)):
        daemon.send(data[:65000])
        if name not in ("flipped", "cut"):
            check(f"udp {name}", daemon.answers(), "no answer to OPTIONS")
    check("udp flipped and cut", daemon.answers(), "no answer to OPTIONS")


def attack_tcp(daemon):
    for name, data in list(messages(daemon)) + list(monsters(daemon)):
        if name not in ("flipped", "cut"):
            daemon.pour(data)
            check(f"tcp {name}", daemon.answers(), "no answer to OPTIONS")
    daemon.pour(invite(daemon, "X-Huge: " + "a" * (2 << 20) + "\r\n"))
    check("tcp header-2M", daemon.answers())
    options = daemon.request("OPTIONS sip:127.0.0.1", "OPTIONS", "pieces")
    options = options.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP")
    with daemon.connect() as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in options:
            stream.send(bytes([byte]))
        check("tcp in-pieces", b"200" in stream.recv(65536))
    with daemon.connect() as stream:
        stream.sendall(b"".join(options.replace(b"bKok", b"bK%dx" % i) for i in range(200)))
        heard, count = b"", 0
        try:
            while count < 200:
                heard += stream.recv(65536)
                count = heard.count(b"SIP/2.0 200")
        except OSError:
            pass
        check("tcp pipelined", count == 200, f"{count} of 200 answered")


def attack_connections(daemon):
    for kind in range(600):
        stream = daemon.connect()
        if kind % 3 == 1:
            stream.send(invite(daemon)[:100])
        elif kind % 3 == 2:
            stream.send(b"OPTIONS ")
        if kind % 2:		# RST
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()
    check("connections dropped", daemon.answers())
    held = [daemon.connect() for _ in range(200)]
    for stream in held:
        stream.send(b"INVITE sip:2002@example.com SIP/2.0\r\nVia: ")
    check("connections half open", daemon.answers())
    for stream in held:
        stream.close()


HALF_CLOSED = 64		# connections that may be kept to answer by


def settle(daemon, before):
    deadline = time.monotonic() + WAIT
    while daemon.descriptors() > before and time.monotonic() < deadline:
        daemon.answers()
    return daemon.descriptors()


def torment(daemon, model):
    check(f"{model} call before", daemon.calls())
    before = daemon.descriptors()
    for attack in (attack_udp, attack_tcp, attack_connections):
        if daemon.process.poll() is None:
            attack(daemon)
    if check(f"{model} alive", daemon.process.poll() is None):
        # What was left in its socket may drown the first try: nothing here is sent twice.
        check(f"{model} call after", any(daemon.calls() for _ in range(3)))
        after = settle(daemon, before)
        check(f"{model} descriptors", after <= before + HALF_CLOSED + 16,
              f"{before} before, {after} after: {daemon.sockets()}")
    daemon.finish(model)


def run(build, model):
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(build, model, directory)
        try:
            torment(daemon, model)
        finally:
            daemon.kill()
