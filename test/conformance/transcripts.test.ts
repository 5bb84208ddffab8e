import { pythonTests } from '../support/python-tests.ts';

describe('the golden transcripts', () => {
  pythonTests('test/conformance/transcripts_test.py', [
    'TranscriptTests.test_requests_are_what_clients_may_send',
    'TranscriptTests.test_answers_are_what_kernels_may_send',
  ]);
});
