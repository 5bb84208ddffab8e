"""What jupyter_client does with a kernel: interrupts, restarts, shutdowns, and the IPC transport."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import unittest
from pathlib import Path
from queue import Empty

import zmq
from jupyter_client.manager import KernelManager

# Far more than any step takes: a slow machine must not fail, a hanging kernel must not hang the tests.
TIMEOUT = 60
# Output that is to come at once has not come at all after this long.
SILENCE = 20


class Session:
    """One kernel with one client, ended with the test."""

    def __init__(self, test: unittest.TestCase, **options) -> None:
        self.manager = KernelManager(kernel_name="tsloop", **options)
        self.manager.start_kernel()
        test.addCleanup(self.manager.shutdown_kernel, now=True)
        self.client = self.connect()
        test.addCleanup(lambda: self.client.stop_channels())

    def connect(self):
        client = self.manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        return client

    def run(self, code: str):
        """The reply to a cell, and what it showed: {"stdout": text, "result": text, "error": name}."""
        shown: dict[str, str] = {}

        def collect(message) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                shown[content["name"]] = shown.get(content["name"], "") + content["text"]
            elif message["msg_type"] == "execute_result":
                shown["result"] = content["data"]["text/plain"]
            elif message["msg_type"] == "error":
                shown["error"] = content["ename"]

        reply = self.client.execute_interactive(code, timeout=TIMEOUT, output_hook=collect)
        return reply["content"], shown

    def begin(self, code: str) -> str:
        """Sends a cell that does not end, and waits until it has begun: until it has made a file."""
        with tempfile.TemporaryDirectory(prefix="tsl-") as folder:
            mark = Path(folder) / "begun"
            make_mark = f"(await import('node:fs')).writeFileSync({json.dumps(str(mark))}, '')"
            message_id = self.client.execute(f"{make_mark}\n{code}")
            until = time.monotonic() + TIMEOUT
            while not mark.exists():
                if time.monotonic() > until:
                    raise AssertionError("the cell has not begun")
                time.sleep(0.01)
        return message_id

    def shown_so_far(self, text: str) -> None:
        """Waits until a stream has shown this text; fails when nothing more comes before it."""
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=SILENCE)
            except Empty:
                raise AssertionError(f"nothing has shown {text!r}") from None
            if message["msg_type"] == "stream" and text in message["content"]["text"]:
                return

    def reply_to(self, message_id: str):
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]


class InterruptTests(unittest.TestCase):
    def interrupts(self, endless: str) -> None:
        session = Session(self)
        session.run("let kept = 41")
        message_id = session.begin(endless)
        session.manager.interrupt_kernel()
        reply = session.reply_to(message_id)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "KeyboardInterrupt"))
        _, shown = session.run("kept + 1")
        self.assertEqual(shown["result"], "42")

    def test_ends_an_endless_loop_and_keeps_the_state(self) -> None:
        self.interrupts("for (;;) {}")

    def test_ends_a_wait_that_never_ends_and_keeps_the_state(self) -> None:
        self.interrupts("await new Promise(() => setInterval(() => {}, 1000))")

    def test_is_harmless_when_no_cell_runs(self) -> None:
        session = Session(self)
        session.run("let kept = 41")
        session.manager.interrupt_kernel()
        _, shown = session.run("kept + 1")
        self.assertEqual(shown["result"], "42")


class RestartTests(unittest.TestCase):
    def test_starts_anew_without_the_old_names(self) -> None:
        session = Session(self)
        session.run("let old = 1")
        session.manager.restart_kernel()
        session.client.stop_channels()
        session.client = session.connect()
        reply, shown = session.run("// @ts-nocheck\ntypeof old")
        self.assertEqual((reply["status"], shown["result"]), ("ok", "'undefined'"))
        self.assertEqual(reply["execution_count"], 1)

    def test_restarts_while_a_cell_runs_endlessly(self) -> None:
        session = Session(self)
        session.begin("for (;;) {}")
        session.manager.restart_kernel()
        session.client.stop_channels()
        session.client = session.connect()
        _, shown = session.run("1 + 1")
        self.assertEqual(shown["result"], "2")

    def test_shuts_down_on_request_without_being_killed(self) -> None:
        session = Session(self)
        session.run("1 + 1")
        session.client.shutdown()
        until = time.monotonic() + TIMEOUT
        while session.manager.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        self.assertFalse(session.manager.is_alive())


class TransportTests(unittest.TestCase):
    def test_executes_over_tcp(self) -> None:
        _, shown = Session(self).run("1 + 1")
        self.assertEqual(shown["result"], "2")

    @unittest.skipIf(sys.platform == "win32", "libzmq has no IPC on Windows")
    def test_executes_over_ipc(self) -> None:
        # The paths of sockets are short by law (104 bytes on macOS), so not below the test's own folder.
        folder = tempfile.TemporaryDirectory(prefix="tsl-")
        self.addCleanup(folder.cleanup)
        session = Session(self, transport="ipc", ip=str(Path(folder.name) / "k"))
        reply, shown = session.run("1 + 1")
        self.assertEqual((reply["status"], shown["result"]), ("ok", "2"))


    def test_executes_over_encrypted_sockets(self) -> None:
        session = Session(self, transport_encryption="required")
        self.assertIsNotNone(session.manager.curve_secretkey)
        reply, shown = session.run("1 + 1")
        self.assertEqual((reply["status"], shown["result"]), ("ok", "2"))
        # A client without the keys hears nothing.
        stranger = zmq.Context.instance().socket(zmq.DEALER)
        self.addCleanup(stranger.close, linger=0)
        stranger.connect(f"tcp://127.0.0.1:{session.manager.shell_port}")
        request = session.client.session.msg("kernel_info_request")
        stranger.send_multipart(session.client.session.serialize(request))
        _, shown = session.run("2 + 2")
        self.assertEqual(shown["result"], "4")
        self.assertEqual(stranger.poll(0), 0)


class OutputTests(unittest.TestCase):
    def test_sends_all_lines_before_it_says_idle(self) -> None:
        _, shown = Session(self).run("for (let i = 0; i < 20000; i++) console.log(i)")
        self.assertEqual(shown["stdout"], "".join(f"{i}\n" for i in range(20000)))

    def test_shows_what_a_cell_printed_before_it_blocked_the_thread(self) -> None:
        session = Session(self)
        session.begin("console.log('first')\nconsole.log('last words')\nfor (;;) {}")
        session.shown_so_far("last words")

    def test_keeps_the_session_after_an_error(self) -> None:
        session = Session(self)
        reply, shown = session.run("let kept = 41\n;(null as any).x")
        self.assertEqual((reply["status"], shown["error"]), ("error", "TypeError"))
        _, shown = session.run("kept + 1")
        self.assertEqual(shown["result"], "42")


class InputTests(unittest.TestCase):
    """Questions, answered through `KernelClient.input`, as the console does."""

    def asks(self, code: str, answers: list[str]):
        session = Session(self)
        shown: list[str] = []
        asked: list[tuple[str, bool]] = []

        def collect(message) -> None:
            if message["msg_type"] in ("execute_result", "display_data"):
                shown.append(message["content"]["data"]["text/plain"])

        def answer(message) -> None:
            asked.append((message["content"]["prompt"], message["content"]["password"]))
            session.client.input(answers.pop(0))

        reply = session.client.execute_interactive(
            code, timeout=TIMEOUT, allow_stdin=True, output_hook=collect, stdin_hook=answer
        )
        self.assertEqual(reply["content"]["status"], "ok", reply["content"])
        return asked, shown

    def test_answers_what_a_cell_asks(self) -> None:
        asked, shown = self.asks("[prompt('Name?'), confirm('Sure?'), password('Key?').length]", ["Ada", "y", "four"])
        self.assertEqual(asked, [("Name? ", False), ("Sure? [y/N] ", False), ("Key? ", True)])
        self.assertEqual(shown, ["[ 'Ada', true, 4 ]"])

    def test_answers_what_readline_asks(self) -> None:
        asked, shown = self.asks(
            "import { createInterface } from 'node:readline/promises'\n"
            "const lines = createInterface({ input: process.stdin, output: process.stdout })\n"
            "const line = await lines.question('Name? ')\nlines.close()\nline",
            ["Ada"],
        )
        self.assertEqual(asked, [("", False)])
        self.assertEqual(shown, ["'Ada'"])
