# SPDX-License-Identifier: MIT
"""One by one what did harm once.  Each check names the bound; times are of a build with
sanitizers, and so is the memory."""
import json
import os
import re
import select
import socket
import subprocess
import tempfile
import time

from daemon import WAIT, Daemon, check

CPU_S = 1.0			# for one message, whatever it is
MEMORY_KB = 16 << 10		# the same; given back or not
STRANGER = "127.0.1.1"
THIRD = "127.0.1.2"


def peak_kb(daemon):
    status = open(f"/proc/{daemon.process.pid}/status").read()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))


def cpu_s(daemon):
    fields = open(f"/proc/{daemon.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def costs(daemon, name, send, most_s=WAIT):
    """What SEND makes the daemon do takes no longer and no more memory than the bounds."""
    open(f"/proc/{daemon.process.pid}/clear_refs", "w").write("5")
    before, began, cpu = peak_kb(daemon), time.monotonic(), cpu_s(daemon)
    send()
    check(f"{name} alive", daemon.answers(), "no answer to OPTIONS")
    took, used, cpu = time.monotonic() - began, peak_kb(daemon) - before, cpu_s(daemon) - cpu
    check(f"{name} time", took < most_s and cpu < CPU_S, f"{took:.2f} s, CPU {cpu:.2f} s")
    if "SHOW" in os.environ:
        print(f"{name}: {took:.2f} s, CPU {cpu:.2f} s, {used} kB")
    check(f"{name} memory", used < MEMORY_KB, f"{used} kB")


def udp_socket(host, port=0):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((host, port))
    return one


def hears(one, seconds=0.2):
    """The datagrams that come to ONE within SECONDS of the last."""
    found = []
    while select.select([one], [], [], seconds)[0]:
        found.append(one.recv(65536).decode("utf-8", "replace"))
    return found


def routes(daemon, phase):
    return (f"Route: <sip:127.0.0.1:{daemon.udp};lr;phase={phase}>\r\n"
            f"Route: <sip:{daemon.host}:{daemon.port};lr>\r\n")


def invite(daemon, call, extra="", phase="imsterm", uri="sip:2002@example.com"):
    return daemon.request(f"INVITE {uri}", "INVITE", call, routes(daemon, phase) + extra)


def names_and_third_parties(daemon):
    """No name is looked up, and no answer goes to who has not asked."""
    third = udp_socket(THIRD)
    port = third.getsockname()[1]
    stranger = udp_socket(STRANGER)
    for number, (version, method, maddr) in enumerate([
            ("2.0", "OPTIONS", "name.invalid"), ("3.0", "OPTIONS", "name.invalid"),
            ("2.0", "INVITE", "name.invalid"), ("2.0", "OPTIONS", THIRD),
            ("3.0", "OPTIONS", THIRD), ("2.0", "INVITE", THIRD)]):
        text = daemon.request(f"OPTIONS sip:127.0.0.1:{daemon.udp}", "OPTIONS", f"maddr-{number}")
        text = text.decode().replace("SIP/2.0\r\nVia", f"SIP/{version}\r\nVia")
        text = text.replace("1 OPTIONS", f"1 {method}")
        text = re.sub(r"(Via: SIP/2.0/UDP )[^;]*", rf"\g<1>{THIRD}:{port};maddr={maddr}", text)
        for one in (daemon.me, stranger):
            costs(daemon, f"maddr {version} {method} {maddr} {one is stranger}",
                  lambda: one.sendto(text.encode(), ("127.0.0.1", daemon.udp)), 1)
    check("maddr third party", not hears(third), "it was answered")
    third.close()
    stranger.close()


def strange_responses(daemon):
    """Responses of strangers are not relayed, nor do those of the proxy go to names."""
    third = udp_socket(THIRD)
    stranger = udp_socket(STRANGER)
    port = third.getsockname()[1]
    for branch in ("z9hG4bK-hc-short-0123456789abcdef", "z9hG4bK0123456789abcdef", "x"):
        text = (f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:{daemon.udp};branch={branch}\r\n"
                f"Via: SIP/2.0/UDP {THIRD}:{port};branch=z9hG4bKt\r\n"
                "From: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>;tag=b\r\n"
                "Call-ID: strange\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n").encode()
        stranger.sendto(text, ("127.0.0.1", daemon.udp))
        costs(daemon, f"response to a name {branch}",
              lambda: daemon.send(text.replace(f"{THIRD}:{port}".encode(), b"name.invalid")))
    check("response of a stranger", not hears(third), "it was relayed")
    third.close()
    stranger.close()


def great_headers(daemon):
    for phase, uri in (("imsterm", "sip:2002@example.com"), ("imsterm", "sip:2001@example.com"),
                       ("imsorig", "sip:2002@example.com"),
                       ("imsorig", "sip:1001@example.com;avaya-cm-fnu=off-hook")):
        for name, extra in (
                ("require", "Require: " + ",".join(f"t{i}" for i in range(9500)) + "\r\n"),
                ("proxy-require", "Proxy-Require: " + ",".join(["xy"] * 9500) + "\r\n"),
                ("supported", "Supported: " + ",".join(["xy"] * 9500) + "\r\n"),
                ("history", "History-Info: " + "<sip:a>," * 7000 +
                 "<sip:2001@example.com>;index=1\r\n"),
                ("diversion", "Diversion: " + ",".join(["<sip:a>"] * 7000) + "\r\n"),
                ("routes", "Route: " + ",".join(["<sip:a>"] * 7000) + "\r\n"),
                ("vias", "Via: " + ",".join(["SIP/2.0/UDP a"] * 3500) + "\r\n"),
                ("contacts", "Contact: " + ",".join(["<sip:a>"] * 7000) + "\r\n")):
            data = invite(daemon, f"{name}-{daemon.count}", extra, phase, uri)
            costs(daemon, f"{name} {phase} {uri}", lambda: daemon.send(data[:65500]))
            for text in hears(daemon.me, 0.05):
                if text.startswith("INVITE "):
                    daemon.reply(text, 486)


def many_lines(daemon):
    data = invite(daemon, "lines", "X:\r\n" * 75000)
    costs(daemon, "75,000 lines over TCP", lambda: daemon.pour(data))
    costs(daemon, "15,000 lines over UDP", lambda: daemon.send(
        invite(daemon, "lines-udp", "X:\r\n" * 15000)))


def silent_connections(daemon):
    """They are bounded, cost no time, and the control socket and the proxy get through."""
    before = daemon.descriptors()
    held = []
    for _ in range(100):
        held.append(socket.create_connection(("127.0.0.1", daemon.tcp), WAIT, (STRANGER, 0)))
    check("silent alive", daemon.answers())
    began = cpu_s(daemon)
    time.sleep(0.5)
    check("silent spin", cpu_s(daemon) - began < 0.1, f"{cpu_s(daemon) - began:.2f} s of 0.5 s")
    check("silent descriptors", daemon.descriptors() <= before + 16,
          f"{daemon.descriptors() - before} more")
    check("silent control socket", "uptime" in daemon.control("status"), daemon.control("status"))
    stream = daemon.connect()
    options = daemon.request("OPTIONS sip:127.0.0.1", "OPTIONS", "among-silent")
    stream.sendall(options.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP"))
    check("silent proxy", b" 200 " in stream.recv(65536))
    for one in held + [stream]:
        one.close()


def stranger_flood(daemon):
    """Strangers get a few answers a second and a few places in the journal."""
    daemon.calls()
    stranger = udp_socket(STRANGER)
    for i in range(1500):
        text = daemon.request(f"OPTIONS sip:127.0.0.1:{daemon.udp}", "OPTIONS", f"strange-{i}")
        text = text.replace(f"{daemon.host}:{daemon.port}".encode(),
                            f"{STRANGER}:{stranger.getsockname()[1]}".encode())
        stranger.sendto(text, ("127.0.0.1", daemon.udp))
        if i % 100 == 99:
            daemon.answers()
    check("flood answers", len(hears(stranger)) <= 100)
    events = [json.loads(line) for line in open(os.path.join(daemon.directory, "journal"))]
    noted = sum(event["event"] == "stranger" for event in events)
    check("flood journal", 1 <= noted <= 8, f"{noted} events about strangers")
    stranger.close()


def burst(daemon):
    """Of 300 INVITEs at once none is lost: each is answered or sent on."""
    hears(daemon.me)
    calls = [f"burst-{i}" for i in range(300)]
    for call in calls:
        daemon.send(invite(daemon, call))
    heard = set()
    deadline = time.monotonic() + WAIT
    while len(heard) < len(calls) and time.monotonic() < deadline:
        if not select.select([daemon.me], [], [], 0.5)[0]:
            continue
        text = daemon.me.recv(65536).decode("utf-8", "replace")
        if text.startswith("INVITE "):
            daemon.reply(text, 486)
        found = re.search(r"(?im)^Call-ID: *(burst-\d+)\r$", text)
        if found and text.startswith("SIP/2.0"):
            heard.add(found.group(1))
    check("burst", len(heard) == len(calls), f"{len(calls) - len(heard)} of {len(calls)} lost")


def extensions(daemon, model):
    """420 by who would have to know (RFC 3261 sections 8.2.2.3 and 16.3)."""
    hears(daemon.me)
    for line, refused in (("Require: foo, 100rel, bar", {"b2bua"}), ("Proxy-Require: foo", {"proxy"}),
                          ("Require: precondition, 100rel, timer, replaces", set())):
        daemon.send(invite(daemon, f"extension-{daemon.count}", line + "\r\n"))
        is_refused = model in refused
        text = daemon.hear(r"^INVITE |^SIP/2.0 [2-6]") or ""
        check(f"{model} {line}", text.startswith("SIP/2.0 420" if is_refused else "INVITE "),
              text.split("\r\n")[0])
        if is_refused:
            check(f"{model} {line} Unsupported", re.search(
                r"(?m)^Unsupported: foo(, bar)?\r$", text), text)
        else:
            daemon.reply(text, 486)
        hears(daemon.me)


def deaf_stderr(build, model):
    """Who reads neither stderr nor the journal there stops nothing."""
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(build, model, directory, is_deaf=True)
        try:
            for _ in range(60):
                if not check("deaf call", daemon.calls()):
                    break
        finally:
            daemon.kill()


def run(build, model):
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(build, model, directory)
        try:
            for part in (names_and_third_parties, strange_responses, great_headers, many_lines,
                         silent_connections, stranger_flood, burst):
                if daemon.process.poll() is None:
                    part(daemon)
            extensions(daemon, model)
            check(f"{model} alive", daemon.process.poll() is None)
            # Then SIGTERM must not wait for ever.
            check(f"{model} BYE lost", any(daemon.calls(True) for _ in range(3)))
            daemon.finish(f"harm {model}")
        finally:
            daemon.kill()
    deaf_stderr(build, model)
