# SPDX-License-Identifier: MIT
"""The systems under test: how each is built, started, asked and stopped.

All listen on SYSTEM and take their calls from the generator at PROXY."""
import json
import os
import re
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BASELINE = "aa073f2"            # halfcalld on Sofia-SIP's nta, before transactions of our own
SYSTEM = "127.0.0.1:5062"
PROXY = "127.0.0.2:5060"
SECOND = "127.0.0.3:5060"       # another proxy: where emergency calls come from
WAIT = 10.0                     # seconds a system may take to start or to stop
CALLERS_FROM, CALLED_FROM = 1000000, 2000000    # as bench-load numbers them
EMERGENCY = 3000000             # a number for emergencies


class Fault(Exception):
    """A sentence for the person who runs this."""


def command(words, log, **more):
    """Runs a command to its end, what it says going to the file `log`."""
    with open(log, "a") as file:
        if subprocess.run(words, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                          check=False, **more).returncode:
            raise Fault(f"{words[0]} failed: see {log}")


def build(source, binary, targets, log):
    """A release build of the tree at `source` in the directory `binary`."""
    if not os.path.exists(os.path.join(binary, "build.ninja")):
        command(["cmake", "-S", source, "-B", binary, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DCMAKE_C_COMPILER=gcc"], log)
    command(["cmake", "--build", binary, "--target", *targets], log)


def build_tree(work):
    binary = os.path.join(ROOT, "build", "release")
    build(ROOT, binary, ["halfcalld", "halfcall", "bench-load", "bench-floor"],
          os.path.join(work, "build.log"))
    return binary


def build_baseline(work):
    """The daemon of BASELINE, out of git, below `work`."""
    source = os.path.join(work, "baseline", BASELINE)
    log = os.path.join(work, "baseline.log")
    if not os.path.isdir(source):
        os.makedirs(source + ".new", exist_ok=True)
        archive = subprocess.run(["git", "-C", ROOT, "archive", BASELINE], capture_output=True,
                                 check=False)
        if archive.returncode:
            raise Fault(f"no baseline: git does not know the commit {BASELINE} here")
        subprocess.run(["tar", "-x", "-C", source + ".new"], input=archive.stdout, check=True)
        os.rename(source + ".new", source)
    binary = os.path.join(work, "baseline", "build")
    build(source, binary, ["halfcalld", "halfcall"], log)
    return binary


def await_line(process, path, pattern):
    """Waits until the file at `path` has a line that matches; what matched."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(pattern, open(path, errors="replace").read(), re.M)
        if found:
            return found
        time.sleep(0.02)
    raise Fault(f"it does not start: see {path}")


def place(core, nice):
    """What a new process does first, to run on that core (None = any) at that priority.  Where
    the kernel shares out the processors among sessions first, its session gets it, too."""
    def first():
        os.setsid()
        if core is not None:
            os.sched_setaffinity(0, {core})
        if nice:
            os.nice(nice)
            if os.path.exists("/proc/self/autogroup"):
                with open("/proc/self/autogroup", "w") as group:
                    group.write(str(nice))
    return first


class System:
    """One that runs; `pids` are its processes."""

    def __init__(self, name):
        self.name = name
        self.process = None
        self.log = None
        self.nice = 0

    def start(self, words, directory, core):
        self.log = os.path.join(directory, self.name + ".log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL,
                                            preexec_fn=place(core, self.nice))

    def pids(self):
        """Its process and all below it."""
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            found.append(pid)
            with open(f"/proc/{pid}/task/{pid}/children") as children:
                left += [int(word) for word in children.read().split()]
        return found

    def cpu_s(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def status(self):
        """What it tells of itself, {} where there is no way to ask."""
        return {}

    def left(self):
        """Half calls, reservations, waiting calls and connections that stay, or None where there
        is no way to ask."""
        status = self.status()
        return status["halves"] + status["reservations"] + status.get("waiting_calls", 0) + \
            self.connections() if status else None

    def connections(self):
        """Its TCP connections."""
        own, count = set(), 0
        for pid in self.pids():
            for descriptor in os.scandir(f"/proc/{pid}/fd"):
                own.add(os.readlink(descriptor.path))
        for name in ("tcp", "tcp6"):
            with open(f"/proc/self/net/{name}") as table:
                rows = [line.split() for line in table.readlines()[1:]]
            count += sum(row[3] == "01" and f"socket:[{row[9]}]" in own for row in rows)
        return count

    def transactions(self):
        status = self.status()
        return status["server_transactions"] + status["client_transactions"] if status else None

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Floor(System):
    """Sends each datagram back, unread, but for each one in `loses`."""

    def __init__(self, binary, loses=None):
        super().__init__("floor")
        self.binary, self.loses = binary, loses

    def run(self, directory, core):
        words = [os.path.join(self.binary, "bench-floor"), SYSTEM]
        self.start(words + ([str(self.loses)] if self.loses else []), directory, core)
        await_line(self.process, self.log, "^ready")


class Kamailio(System):
    """A stateful proxy in the same place."""

    def __init__(self):
        super().__init__("kamailio")

    def run(self, directory, core):
        self.start(["kamailio", "-DD", "-E", "-f", os.path.join(HERE, "kamailio.cfg"),
                    "-m", "1024", "-M", "16", "-Y", directory,
                    "-A", f"BENCH_LISTEN=udp:{SYSTEM}"], directory, core)
        address, port = SYSTEM.split(":")
        mark = "%08X:%04X" % (int.from_bytes(bytes(map(int, address.split("."))), "little"),
                              int(port))
        deadline = time.monotonic() + WAIT
        while mark not in open("/proc/net/udp").read() or len(self.pids()) < 4:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Fault(f"Kamailio does not start: see {self.log}")
            time.sleep(0.05)
        time.sleep(0.5)         # its processes finish their own starts


class Halfcalld(System):
    """halfcalld of one build in one call model."""

    def __init__(self, name, binary, model, callers, more=""):
        """`more` are further settings."""
        super().__init__(name)
        self.binary, self.model, self.callers, self.more = binary, model, callers, more
        self.control = None

    def run(self, directory, core):
        mine = os.path.join(directory, self.name)
        os.makedirs(mine, exist_ok=True)
        self.control = os.path.join(mine, "control")
        conf = os.path.join(mine, "halfcalld.conf")
        with open(conf, "w") as file:
            file.write(f"""listen = [ "sip:{SYSTEM};transport=udp" ];
domain = "example.com";
database = "{mine}/users.db";
control = "{self.control}";
proxies = ( {{ name = "sm-a"; address = "sip:{PROXY};transport=udp"; }},
            {{ name = "sm-b"; address = "sip:{SECOND};transport=udp"; }} );
call = {{ model = "{self.model}"; }};
monitor = {{ interval = 0; }};
publish = {{ enabled = false; }};
journal = {{ ring = 1000; }};
log = {{ level = "warning"; }};
{self.more}
""")
        program = os.path.join(self.binary, "halfcalld")
        database = os.path.join(mine, "users.db")
        if not os.path.exists(database):        # else it is one of our earlier turns
            command([program, "-U", "-f", conf], os.path.join(mine, "database.log"))
            self.fill(database, os.path.join(mine, "database.log"))
        self.start([program, "-f", conf], directory, core)
        await_line(self.process, self.log, "^ready ")

    def fill(self, database, log):
        """One class of restriction, a station for each caller and each called party, and an
        emergency number."""
        ranges = " UNION ALL ".join(f"""
            SELECT {first} + n, 'Station ' || ({first} + n) FROM
            (WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i
             WHERE n < {self.callers - 1}) SELECT n FROM i)"""
                                    for first in (CALLERS_FROM, CALLED_FROM))
        command(["sqlite3", "-bail", database, f"""BEGIN;
            INSERT OR REPLACE INTO class_of_restriction (cor, frl) VALUES (1, 7);
            INSERT INTO station (extension, name) {ranges};
            INSERT OR REPLACE INTO call_type (call_type, is_public, is_emergency)
            VALUES ('help', 1, 1);
            INSERT INTO dial_pattern (pattern, call_type) VALUES ('{EMERGENCY}', 'help');
            COMMIT;"""], log)

    def status(self):
        answer = subprocess.run([os.path.join(self.binary, "halfcall"), "-s", self.control, "-j",
                                 "status"], capture_output=True, text=True, check=False)
        try:
            return json.loads(answer.stdout)
        except ValueError:
            return {}
