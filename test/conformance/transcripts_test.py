"""Holds the golden transcripts (test/kernel/whole/transcripts) against the schemas of jupyter_kernel_test."""

from __future__ import annotations

import json
import unittest
from pathlib import Path

from jsonschema import Draft4Validator
from jupyter_kernel_test.msgspec_v5 import validate_message

FOLDER = Path(__file__).resolve().parent.parent / "kernel" / "whole" / "transcripts"

TEXT = {"type": "string"}
OBJECT = {"type": "object"}

# What jupyter_kernel_test has no schema for, by the text of the specification (usage: ipykernel's code).
OTHERS = {
    "comm_open": {"comm_id": TEXT, "target_name": TEXT, "data": OBJECT},
    "comm_msg": {"comm_id": TEXT, "data": OBJECT},
    "comm_close": {"comm_id": TEXT, "data": OBJECT},
    "create_subshell_request": {},
    "create_subshell_reply": {"status": {"enum": ["ok"]}, "subshell_id": TEXT},
    "delete_subshell_request": {"subshell_id": TEXT},
    "delete_subshell_reply": {"status": {"enum": ["ok"]}},
    "list_subshell_request": {},
    "list_subshell_reply": {"status": {"enum": ["ok"]}, "subshell_id": {"type": "array", "items": TEXT}},
    # The schema there wants a number, the specification a boolean, which ipykernel sends.
    "input_request": {"prompt": TEXT, "password": {"type": "boolean"}},
    # JEP 65.
    "iopub_welcome": {"subscription": TEXT},
    # JEP 66 fixes none; these are Positron's.
    "handshake_request": {f"{name}_port": {"type": "integer"} for name in ("shell", "iopub", "stdin", "control", "hb")},
    "handshake_reply": {"status": {"enum": ["ok"]}},
    "usage_request": {},
    "usage_reply": {
        "hostname": TEXT,
        "pid": {"type": "integer"},
        "kernel_cpu": {"type": "number"},
        "kernel_memory": {"type": "integer"},
        "cpu_count": {"type": "integer"},
        "host_virtual_memory": OBJECT,
    },
}

# Requests that are wrong on purpose.
WRONG = {"execute_wrong_content"}


def validate(message) -> None:
    """Raises ValidationError when it is not as the protocol says."""
    kind = message["type"]
    if kind not in OTHERS:
        header = {"msg_id": "m", "username": "u", "session": "s", "date": "d", "msg_type": kind, "version": "5.1"}
        whole = {"header": header, "parent_header": {}, "buffers": message.get("buffers", [])}
        # Of newer fields than 5.1 the schemas know nothing.
        if kind in ("kernel_info_reply", "execute_reply", "connect_reply"):
            header["version"] = "5.5"
        validate_message({**whole, "metadata": message["metadata"], "content": message["content"]}, kind)
        return
    properties = OTHERS[kind]
    schema = {"type": "object", "properties": properties, "additionalProperties": False, "required": sorted(properties)}
    if not properties:
        del schema["required"]
    Draft4Validator(schema).validate(message["content"])


class TranscriptTests(unittest.TestCase):
    def each(self):
        files = sorted(FOLDER.glob("*.json"))
        self.assertGreater(len(files), 20)
        for file in files:
            yield file.stem, json.loads(file.read_text(encoding="utf-8"))

    def test_requests_are_what_clients_may_send(self) -> None:
        for name, transcript in self.each():
            if name in WRONG or "request" not in transcript:
                continue
            with self.subTest(name):
                validate(transcript["request"])

    def test_answers_are_what_kernels_may_send(self) -> None:
        for name, transcript in self.each():
            replies = [transcript["reply"]] if "reply" in transcript else []
            exchanged = [*transcript.get("asked", []), *transcript.get("registered", [])]
            for message in [*replies, *exchanged, *transcript["published"]]:
                with self.subTest(name, type=message["type"]):
                    validate(message)
