#!/usr/bin/env python3
"""A small cluster with Python's HTTP server and a certificate of openssl, and bdbtop reset on it.

other_cluster.py BDBTOP SCHEMAS: prints TAP.  The databases show what the resets of a cluster can
lead to; the server notes every request.
"""
import base64
import http.server
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse

USER, PASSWORD = "ops@example.com", "correct horse"
RESET = "/actions/backup_reset_status"


class Database:
    """answers: of the PUTs, in order: a status with a message, 200, or None for no answer."""

    def __init__(self, name, answers=(200,), status="failed", then=None):
        self.name, self.answers, self.status, self.then = name, list(answers), status, then
        self.reason = "no-permission" if status == "failed" else ""

    def record(self, uid):
        return {"uid": uid, "name": self.name, "status": "active", "backup": True,
                "created_time": "2026-01-02T03:04:05Z", "backup_interval": 86400,
                "backup_status": self.status, "backup_failure_reason": self.reason,
                "backup_progress": 5, "export_status": "", "import_status": ""}

    def clear(self):
        self.status, self.reason = "", ""


class Cluster(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate):
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True,
                                          do_handshake_on_connect=False)
        self.databases, self.requests = {}, []
        self.noted = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that closes its connection

    def note(self, method, path):
        with self.noted:
            self.requests.append((method, path))
            self.noted.notify_all()

    def puts(self, uid=None):
        suffix = "" if uid is None else f"/v1/bdbs/{uid}{RESET}"
        return sum(m == "PUT" and (not suffix or p == suffix) for m, p in self.requests)

    def await_puts(self, count):
        with self.noted:
            assert self.noted.wait_for(lambda: self.puts() >= count, 30), "no PUT came"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=None, **headers):
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def begin(self):
        url = urllib.parse.urlsplit(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.note(self.command, url.path)
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {token}":
            self.reply(401, {"description": "who are you?"})
            return None, None
        return url.path.strip("/").split("/"), urllib.parse.parse_qs(url.query)

    def find(self, parts):
        return self.server.databases.get(int(parts[2])) if len(parts) > 2 else None

    def do_GET(self):
        parts, query = self.begin()
        if parts is None:
            return
        fields = query.get("fields", [""])[0].split(",")

        def shown(uid, database):
            record = database.record(uid)
            return {name: record[name] for name in fields if name in record}

        if parts == ["v1", "bdbs"]:
            self.reply(200, [shown(uid, db) for uid, db in self.server.databases.items()])
        elif parts[:2] == ["v1", "bdbs"] and len(parts) == 3 and self.find(parts):
            database = self.find(parts)
            if database.then and not self.server.puts(int(parts[2])):
                database.status, database.reason = database.then, ""
            self.reply(200, shown(int(parts[2]), database))
        else:
            self.reply(404, {"error_code": "not_found"})

    def do_OPTIONS(self):
        if self.begin()[0] is not None:
            self.reply(200, Allow="PUT")

    def do_PUT(self):
        parts, _ = self.begin()
        if parts is None:
            return
        database = self.find(parts)
        answer = database.answers.pop(0)
        if answer is None:
            database.clear()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif answer == 200:
            database.clear()
            self.reply(200)
        else:
            self.reply(answer, {"description": f"the words of {answer}"})


class Run:
    """bdbtop on the cluster, without a terminal, with a state directory of its own."""

    def __init__(self, program, cluster, certificate, folder):
        self.program, self.cluster, self.log = program, cluster, folder / "bdbtop/actions.jsonl"
        self.env = dict(os.environ, REDIS_ENTERPRISE_USER=USER, REDIS_ENTERPRISE_PASSWORD=PASSWORD,
                        REDIS_ENTERPRISE_CA_CERT=str(certificate), XDG_STATE_HOME=str(folder),
                        REDIS_ENTERPRISE_URL=f"https://127.0.0.1:{cluster.server_port}")

    def start(self, databases, *words):
        self.cluster.databases, self.cluster.requests = databases, []
        command = [self.program, "reset", "backup", "--format=jsonl", *words]
        return subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True)

    def finish(self, process):
        out, err = process.communicate(timeout=60)
        return process.returncode, [json.loads(line) for line in out.splitlines()], err


def equal(got, want):
    assert got == want, f"{got!r} is not {want!r}"


def each_outcome(run, schemas):
    databases = {
        1: Database("cleared"),
        2: Database("ok", status="succeeded"),
        3: Database("busy", [409, 409, 200]),
        4: Database("role", [403]),
        5: Database("path", [404]),
        6: Database("module", [406]),
        7: Database("lost", [None]),
        8: Database("runs", then="exporting"),
    }
    status, lines, err = run.finish(run.start(databases, *map(str, databases), "--yes", "--wait"))
    got = {line["uid"]: (line["outcome"], line["http_status"], line["attempts"],
                         line["status_after"], line["error"]) for line in lines}
    equal(err, "")
    equal(got, {
        1: ("cleared", 200, 1, "idle", None),
        2: ("nothing_to_reset", None, 0, "succeeded", None),
        3: ("cleared", 200, 3, "idle", None),
        4: ("refused", 403, 1, None, "403 role may not reset: the words of 403"),
        5: ("refused", 404, 1, "failed", "404, still listed"),
        6: ("refused", 406, 1, None, "406 the words of 406"),
        7: ("no_answer", None, 1, "idle", "no answer, now idle"),
        8: ("not_sent", None, 0, "exporting", "not sent, running 5%"),
    })
    equal(status, 1)
    equal([run.cluster.puts(uid) for uid in databases], [1, 0, 3, 1, 1, 1, 1, 0])
    conforms(lines, schemas)


def conforms(lines, schemas):
    try:
        import jsonschema
    except ImportError:
        print("# python3-jsonschema is not installed: no line was compared with the schema")
        return
    schema = json.loads((schemas / "bdbtop.reset.schema.json").read_text())
    for line in lines:
        jsonschema.Draft202012Validator(schema).validate(line)
        equal(set(line), set(schema["properties"]))


def a_read_before_every_put(run, _):
    run.finish(run.start({3: Database("busy", [409, 200])}, "busy", "--yes"))
    requests = [(m, p) for m, p in run.cluster.requests if p.startswith("/v1/bdbs")]
    read, put = ("GET", "/v1/bdbs/3"), ("PUT", f"/v1/bdbs/3{RESET}")
    equal(requests[:5], [("GET", "/v1/bdbs"), read, put, read, put])


def the_audit_log_has_every_step(run, _):
    run.log.unlink(missing_ok=True)
    run.finish(run.start({3: Database("busy", [409, 200])}, "3", "--yes", "--wait"))
    lines = [json.loads(line) for line in run.log.read_text().splitlines()]
    equal([(line["event"], line.get("put"), line.get("status")) for line in lines],
          [("asked", None, None), ("sent", 1, None), ("answered", 1, 409), ("sent", 2, None),
           ("answered", 2, 200), ("ended", None, None)])
    equal({(line["uid"], line["operation"], line["status_before"], line["reason_before"],
            line["who"]["login"]) for line in lines},
          {(3, "backup", "failed", "no-permission", USER)})
    equal(lines[-1]["words"], "cleared, was no-permission")


def nothing_is_sent(run, _):
    for words, want in [(["--dry-run"], 0), ([], 2), (["--yes", "--read-only"], 1),
                        (["--yes", "unknown"], 1)]:
        status, _, _ = run.finish(run.start({1: Database("a")}, "1", *words))
        equal((status, run.cluster.puts()), (want, 0))


def ctrl_c_cancels_the_rest(run, _):
    process = run.start({1: Database("busy", [409] * 9), 2: Database("fine")}, "1", "2", "--yes")
    run.cluster.await_puts(2)
    process.send_signal(signal.SIGINT)
    status, lines, _ = run.finish(process)
    equal(status, 130)
    equal(sorted(line["uid"] for line in lines), [1, 2])
    assert {line["uid"]: line["outcome"] for line in lines}[1] == "cancelled", lines
    equal(run.cluster.puts(), 2)


def make_certificate(path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=other",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out",
                    str(path) + ".ca"], check=True, stderr=subprocess.DEVNULL)
    ca = pathlib.Path(str(path) + ".ca")
    with path.open("a") as file:
        file.write(ca.read_text())
    return ca


def main(program, schemas):
    tests = [each_outcome, a_read_before_every_put, the_audit_log_has_every_step, nothing_is_sent,
             ctrl_c_cancels_the_rest]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bdbtop-other-") as folder:
        folder = pathlib.Path(folder)
        ca = make_certificate(folder / "certificate")
        run = Run(program, Cluster(folder / "certificate"), ca, folder)
        for number, test in enumerate(tests, 1):
            try:
                test(run, schemas)
                print(f"ok {number} - {test.__name__}", flush=True)
            except Exception as error:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} - {test.__name__}\n# {error!r}", flush=True)
    return failed > 0


# a shell starts a background job with SIGINT ignored, and bdbtop would leave it ignored
signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
