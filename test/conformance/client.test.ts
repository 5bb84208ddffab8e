import { pythonTests } from '../support/python-tests.ts';

describe('the kernel under jupyter_client', () => {
  pythonTests('test/conformance/client_test.py', [
    'InterruptTests.test_ends_an_endless_loop_and_keeps_the_state',
    'InterruptTests.test_ends_a_wait_that_never_ends_and_keeps_the_state',
    'InterruptTests.test_is_harmless_when_no_cell_runs',
    'RestartTests.test_starts_anew_without_the_old_names',
    'RestartTests.test_restarts_while_a_cell_runs_endlessly',
    'RestartTests.test_shuts_down_on_request_without_being_killed',
    'TransportTests.test_executes_over_tcp',
    'TransportTests.test_executes_over_ipc',
    'TransportTests.test_executes_over_encrypted_sockets',
    'InputTests.test_answers_what_a_cell_asks',
    'InputTests.test_answers_what_readline_asks',
    'OutputTests.test_sends_all_lines_before_it_says_idle',
    'OutputTests.test_shows_what_a_cell_printed_before_it_blocked_the_thread',
    'OutputTests.test_keeps_the_session_after_an_error',
  ]);
});
