# SPDX-License-Identifier: MIT
"""One halfcalld with a database of its own, and what every part of this suite asks of it."""
import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WAIT = 5.0
results = {True: 0, False: 0}


def check(name, good, why=""):
    results[bool(good)] += 1
    if not good:
        print(f"not ok {name} {why}", flush=True)
    return good


class Daemon:
    """halfcalld with a database of its own; `me` is the proxy's UDP socket."""

    def __init__(self, build, model, directory, host="127.0.0.1", port=0, is_deaf=False):
        """HOST, PORT: the proxy's address; IS_DEAF: stderr, with journal and much log, is a pipe
        that is read up to "ready" only."""
        self.me = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.me.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.me.bind((host, port))
        self.host = host
        self.port = self.me.getsockname()[1]
        self.count = 0
        conf = os.path.join(directory, "halfcalld.conf")
        self.log = os.path.join(directory, "log")
        with open(conf, "w") as file:
            file.write(f"""
listen = [ "sip:127.0.0.1:0;transport=udp", "sip:127.0.0.1:0;transport=tcp" ];
domain = "example.com";
database = "{directory}/users.db";
control = "{directory}/control";
proxies = ( {{ name = "sm-a"; address = "sip:{host}:{self.port};transport=udp"; }} );
call = {{ model = "{model}"; untagged = "route"; diversion = true; }};
limits = {{ drain_s = 1; }};
monitor = {{ interval = 0; }};
publish = {{ enabled = false; }};
journal = {{ file = "{"-" if is_deaf else directory + "/journal"}"; }};
log = {{ level = "{"debug" if is_deaf else "warning"}"; }};
""")
        program = os.path.join(build, "halfcalld")
        subprocess.run([program, "-U", "-f", conf], check=True)
        users = open(os.path.join(HERE, "../../etc/sample-users.sql")).read()
        users += "".join(f"INSERT INTO station (extension) VALUES ('{name}');\n"
                         for name in ("user", "UserB", "vivekg", "joe"))	# of RFC 4475
        subprocess.run(["sqlite3", "-bail", os.path.join(directory, "users.db")], check=True,
                       input=users, text=True)
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:exitcode=99:quarantine_size_mb=0:"
                           "allocator_release_to_os_interval_ms=0",
                           UBSAN_OPTIONS="print_stacktrace=1")
        self.directory, self.program, self.conf = directory, program, conf
        error = subprocess.PIPE if is_deaf else open(self.log, "w")
        self.process = subprocess.Popen([program, "-f", conf], stderr=error,
                                        stdout=subprocess.DEVNULL, env=environment)
        ready = self.await_ready() if is_deaf else self.await_log(r"ready (.*)")
        ports = re.findall(r"127\.0\.0\.1:(\d+);transport=(\w+)", ready.group(1))
        self.udp, self.tcp = (int(next(p for p, t in ports if t == kind))
                              for kind in ("udp", "tcp"))

    def await_ready(self):
        """Reads stderr up to there; its pipe has little room then."""
        fcntl.fcntl(self.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
        heard = b""
        while not (found := re.search(r"ready (.*)\n", heard.decode("utf-8", "replace"))):
            part = os.read(self.process.stderr.fileno(), 200)
            if not part:
                raise SystemExit(f"halfcalld ended:\n{heard}")
            heard += part
        return found

    def control(self, *command):
        """What halfcall(1) says."""
        halfcall = os.path.join(os.path.dirname(self.program), "halfcall")
        told = subprocess.run([halfcall, "-s", os.path.join(self.directory, "control"), *command],
                              capture_output=True, text=True, timeout=WAIT)
        return told.stdout + told.stderr

    def await_log(self, pattern):

        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            found = re.search(pattern, open(self.log, errors="replace").read())
            if found:
                return found
            select.select([], [], [], 0.02)
        raise SystemExit(f"halfcalld does not say {pattern}:\n{open(self.log).read()}")

    def sockets(self):
        ss = subprocess.run(["ss", "-anptH"], capture_output=True, text=True)
        return [line for line in ss.stdout.splitlines() if f"pid={self.process.pid}," in line]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def send(self, data):
        try:
            self.me.sendto(data, ("127.0.0.1", self.udp))
        except OSError as error:
            raise SystemExit(f"cannot send {len(data)} bytes: {error}")

    def hear(self, pattern, deadline=None):
        """The first datagram that matches, passing over all others."""
        deadline = deadline or time.monotonic() + WAIT
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.me], [], [], left)[0]:
                return None
            text = self.me.recv(65536).decode("utf-8", "replace")
            if re.search(pattern, text):
                return text

    def request(self, line, method, call, extra="", seq=1, to_tag=""):
        self.count += 1
        return (f"{line} SIP/2.0\r\nVia: SIP/2.0/UDP {self.host}:{self.port};"
                f"branch=z9hG4bKok{self.count}\r\nMax-Forwards: 70\r\n"
                f"From: <sip:1001@example.com>;tag=a{call}\r\n"
                f"To: <sip:2002@example.com>{to_tag}\r\nCall-ID: {call}\r\n"
                f"CSeq: {seq} {method}\r\nContact: <sip:1001@{self.host}:{self.port}>\r\n"
                f"{extra}Content-Length: 0\r\n\r\n").encode()

    def answers(self):
        """Still answers OPTIONS."""
        if self.process.poll() is not None:
            return False
        call = f"options-{self.count}"
        options = self.request(f"OPTIONS sip:127.0.0.1:{self.udp}", "OPTIONS", call)
        # A burst may have filled the daemon's socket: what gets lost there is sent again.
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            self.send(options)
            if self.hear(rf"(?is)^SIP/2.0 200.*call-id: *{call}\r\n", time.monotonic() + 0.5):
                return True
        return False

    def reply(self, request, status):
        kept = [line for line in request.split("\r\n\r\n")[0].split("\r\n")[1:]
                if re.match(r"(?i)(via|from|to|call-id|cseq|record-route):", line)]
        kept = [line + ";tag=b" if re.match(r"(?i)to:", line) and "tag=" not in line else line
                for line in kept]
        self.send((f"SIP/2.0 {status} Said\r\n" + "\r\n".join(kept) +
                   f"\r\nContact: <sip:2002@{self.host}:{self.port}>\r\n"
                   "Content-Length: 0\r\n\r\n").encode())

    def calls(self, is_bye_lost=False):
        """Still places a call, to the end, or until the BYE that never comes."""
        call = f"call-{self.count}"
        route = (f"Route: <sip:127.0.0.1:{self.udp};lr;phase=imsterm>\r\n"
                 f"Route: <sip:{self.host}:{self.port};lr>\r\n")
        self.send(self.request("INVITE sip:2002@example.com", "INVITE", call, route))
        invite = self.hear(r"^INVITE [\s\S]*phase=termdone")
        if not invite:
            return False
        self.reply(invite, 200)
        answer = self.hear(rf"(?is)^SIP/2.0 200.*call-id: *{call}\r\n")
        if not answer:
            return False
        tag = re.search(r"(?im)^To:.*(;tag=[^\s;]+)", answer).group(1)
        target = re.search(r"(?im)^Contact:.*<([^>]+)>", answer).group(1)
        routes = "".join(f"Route: {value}\r\n" for value in reversed(
            re.findall(r"(?im)^Record-Route: *(.*?)\r?$", answer)))
        self.send(self.request(f"ACK {target}", "ACK", call, routes, to_tag=tag))
        if not self.hear(r"^ACK "):
            return False
        if is_bye_lost:
            return True
        self.send(self.request(f"BYE {target}", "BYE", call, routes, 2, tag))
        # A b2bua answers before it passes the BYE on, a proxy after.
        for _ in range(2):
            text = self.hear(r"(?i)^BYE |^SIP/2.0 200[\s\S]*cseq: *2 BYE")
            if text and text.startswith("BYE "):
                self.reply(text, 200)
        return text is not None

    def connect(self):
        stream = socket.create_connection(("127.0.0.1", self.tcp), WAIT, (self.host, 0))
        stream.settimeout(WAIT)
        return stream

    def pour(self, data):
        """Sends DATA over a connection of its own; it may be closed on us.  Half closed as it is,
        the daemon may keep it to answer by; it is waited for until it has nothing more to say."""
        with self.connect() as stream:
            try:
                stream.sendall(data)
                stream.shutdown(socket.SHUT_WR)
                stream.settimeout(0.05)
                while stream.recv(65536):
                    pass
            except OSError:
                pass

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        # Calls left half way, also those whose BYE was lost, keep it no longer than limits.drain_s;
        # then their publications may go out.
        try:
            return self.process.wait(2 + WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "no end"

    def finish(self, name):
        status = self.stop()
        log = open(self.log, errors="replace").read()
        check(f"{name} exit", status == 0, f"{status}\n{log[-2000:]}")
        found = re.search(r"(ERROR: \w+Sanitizer|runtime error:)[\s\S]{0,3000}", log)
        check(f"{name} sanitizers", not found, found and found.group(0))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.me.close()
