"""The whole of jupyter_kernel_test, with samples in TypeScript: https://github.com/jupyter/jupyter_kernel_test

No test may be skipped; the mocha side fails when one is.
"""

import jupyter_kernel_test


class TsloopTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tsloop"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"

    completion_samples = [
        {"text": "structuredClo", "matches": {"structuredClone"}},
        {"text": "const later = 1 + 2; encodeURICom", "matches": {"encodeURIComponent"}},
    ]

    complete_code_samples = [
        "",
        "1",
        "const total: number = 1 + 2",
        "function twice(n: number): number {\n  return n * 2\n}",
        "await Promise.resolve(1)",
        "interface Point {\n  x: number\n}",
        "%lsmagic",
        "!echo hello",
    ]
    incomplete_code_samples = [
        "console.log(",
        "function twice(n: number) {",
        "class Point {\n  x = 1",
        "const list = [1,",
        "const total = 1 +",
        "`a template",
        "/* a comment",
    ]
    invalid_code_samples = [
        "const 1 = 2",
        "let total = ;",
        "console.log('no end)",
        "}",
    ]

    code_page_something = "setTimeout?"
    code_generate_error = "throw new Error('on purpose')"

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": "[1, 2, 3].map((n) => n * 2)", "result": "[ 2, 4, 6 ]"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "await Promise.resolve(6 * 7)", "result": "42"},
        {"code": "enum Colour { Red, Green }\nColour.Green", "result": "1"},
    ]

    code_display_data = [
        {"code": "display({ 'text/html': '<b>hi</b>', 'text/plain': 'hi' }, { raw: true })", "mime": "text/html"},
        {"code": "display({ 'text/html': '<b>hi</b>', 'text/plain': 'hi' }, { raw: true })", "mime": "text/plain"},
    ]

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1?+*2"

    code_inspect_sample = "setTimeout"
    code_clear_output = "clearOutput()"


class TsloopWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "tsloop"
    support_iopub_welcome = True
