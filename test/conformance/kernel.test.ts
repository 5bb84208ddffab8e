import { pythonTests } from '../support/python-tests.ts';

describe('jupyter_kernel_test', () => {
  pythonTests('test/conformance/kernel_test.py', [
    'TsloopTests.test_clear_output',
    'TsloopTests.test_completion',
    'TsloopTests.test_display_data',
    'TsloopTests.test_error',
    'TsloopTests.test_execute_result',
    'TsloopTests.test_execute_stderr',
    'TsloopTests.test_execute_stdout',
    'TsloopTests.test_history',
    'TsloopTests.test_inspect',
    'TsloopTests.test_is_complete',
    'TsloopTests.test_kernel_info',
    'TsloopTests.test_pager',
    'TsloopWelcomeTests.test_recv_iopub_welcome_msg',
  ]);
});
