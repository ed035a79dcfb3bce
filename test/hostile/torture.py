# SPDX-License-Identifier: MIT
"""The messages of RFC 4475, each over UDP and TCP, as it is and with a Route that names a phase,
so that it reaches the handling of calls.  What must come back stands in rfc4475.answers.  A
request that is sent on is answered 486, which must come back then.  After each message the
daemon must answer OPTIONS."""
import glob
import os
import re
import select
import socket
import tempfile
import time

from daemon import HERE, WAIT, Daemon, check

PORT = 5060
ODD_PORT = 5050			# of quotbal's Via
GRACE = 0.05			# what a stream may need more than the datagram behind it


def answers():
    """(name, conditions, answer) of each line, in order."""
    rows = []
    for line in open(os.path.join(HERE, "rfc4475.answers")):
        fields = line.split("#")[0].split()
        if fields:
            rows.append((fields[0], set(fields[1:-1]), fields[-1]))
    return rows


def expected(rows, name, conditions):
    """The answer of the first row about NAME whose conditions all hold, or None."""
    for row_name, needs, answer in rows:
        if row_name == name and needs <= conditions:
            return answer
    return None


def tagged(daemon, data):
    """DATA with two Route lines behind the start line."""
    start, end = re.match(rb"[^\n]*\n", data).span()
    route = (f"Route: <sip:127.0.0.1:{daemon.udp};lr;phase=imsterm>\r\n"
             f"Route: <sip:{daemon.host}:{daemon.port};lr>\r\n")
    return data[start:end] + route.encode() + data[end:]


class Exchange:
    """One message sent, and what came of it."""

    def __init__(self, daemon, data, stream, odd):
        self.daemon, self.stream, self.odd = daemon, stream, odd
        self.found = []
        self.is_probed = False
        self.closed = False
        self.line = data.split(b"\n", 1)[0].decode("latin-1").strip()
        self.call = f"probe-{daemon.count}"
        self.rest = b""
        if stream:
            stream.sendall(data)
        else:
            daemon.send(data)
        daemon.send(daemon.request(f"OPTIONS sip:127.0.0.1:{daemon.udp}", "OPTIONS", self.call))

    def acknowledge(self, text):
        kept = re.findall(r"(?im)^(?:From|To|Call-ID): .*\r\n", text)
        via = re.search(r"(?im)^Via: .*\r\n", text)
        seq = re.search(r"(?im)^CSeq: *(\d+) +INVITE", text)
        if not (via and seq and len(kept) == 3):
            return
        line = self.line.replace("INVITE", "ACK", 1)
        ack = (f"{line}\r\n{via.group(0)}Max-Forwards: 70\r\n"
               f"{''.join(kept)}CSeq: {seq.group(1)} ACK\r\nContent-Length: 0\r\n\r\n")
        if self.stream and not self.closed:
            self.stream.sendall(ack.encode())
        elif not self.stream:
            self.daemon.send(ack.encode())

    def lacks(self, text):
        """" without ..." if TEXT, a response, lacks something that it must have."""
        needed = {"405": ["Allow"], "420": ["Unsupported"]}
        names = needed.get(text[8:11], []) + ["Via", "CSeq", "Content-Length"]
        missing = [name for name in names if not re.search(rf"(?im)^{name}:", text)]
        return " without " + ",".join(missing) if missing else ""

    def take(self, text):
        if self.call in text:
            self.is_probed = self.is_probed or text.startswith("SIP/2.0 200")
        elif text.startswith("SIP/2.0 1") or text.startswith("ACK "):
            pass
        elif text.startswith("SIP/2.0 "):
            self.found.append(text[8:11] + self.lacks(text))
            self.acknowledge(text)
        else:
            self.found.append(text.split(" ")[0])
            self.daemon.reply(text, 486)

    def take_stream(self):
        try:
            data = self.stream.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.closed = True
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            text, self.rest = self.rest.split(b"\r\n\r\n", 1)
            self.take(text.decode("utf-8", "replace") + "\r\n\r\n")

    def step(self, seconds):
        sockets = [self.daemon.me, self.odd]
        if self.stream and not self.closed:
            sockets.append(self.stream)
        ready = select.select(sockets, [], [], max(seconds, 0))[0]
        for one in ready:
            if one is self.stream:
                self.take_stream()
            else:
                self.take(one.recv(65536).decode("utf-8", "replace"))
        return bool(ready)

    def outcome(self):
        """"486", "INVITE+486" (sent on, and answered), "silence" and so on."""
        return "+".join(self.found) or "silence"

    def is_as(self, answer):
        """What comes by two sockets may come in any order."""
        return sorted(self.outcome().split("+")) == sorted((answer or "").split("+"))

    def wait(self, answer):
        """Until ANSWER has come and OPTIONS has been answered, or too much, or nothing more."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            is_silent = answer == "silence" and self.is_probed
            if self.is_probed and self.is_as(answer) and not is_silent:
                break
            left = GRACE if is_silent else deadline - time.monotonic()
            if not self.step(left) and is_silent:
                break
        while self.step(0):
            pass


def send(daemon, odd, data, is_stream, answer):
    stream = daemon.connect() if is_stream else None
    exchange = Exchange(daemon, data, stream, odd)
    exchange.wait(answer)
    if stream:
        stream.close()
    return exchange


def torment(daemon, odd, model, form):
    rows = answers()
    paths = sorted(glob.glob(os.path.join(HERE, "rfc4475", "*")))
    check("rfc4475 complete", len(paths) == 49, f"{len(paths)} files")
    for path in paths:
        name = os.path.basename(path)
        data = open(path, "rb").read()
        if form == "tagged":
            data = tagged(daemon, data)
        for transport in ("udp", "tcp"):
            answer = expected(rows, name, {model, transport, form})
            exchange = send(daemon, odd, data, transport == "tcp", answer)
            title = f"rfc4475 {name} {model} {transport} {form}"
            check(title, exchange.is_as(answer), f"{exchange.outcome()}, not {answer}")
            check(f"{title} alive", exchange.is_probed, "no answer to OPTIONS")
            if daemon.process.poll() is not None:
                return


def run_form(build, model, form):
    host = f"127.{os.getpid() >> 8 & 127 | 1}.{os.getpid() & 255}.75"
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(build, model, directory, host, PORT)
        odd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        odd.bind((host, ODD_PORT))
        try:
            torment(daemon, odd, model, form)
            daemon.finish(f"rfc4475 {model} {form}")
        finally:
            daemon.kill()
            odd.close()


def run(build, model):
    # With and without a tag they are the same transactions: each to a daemon of its own.
    for form in ("plain", "tagged"):
        run_form(build, model, form)
