import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, readConnectionFile } from '../../../kernel/wire/connection-file.ts';

const ports = { shell_port: 1001, iopub_port: 1002, stdin_port: 1003, control_port: 1004, hb_port: 65535 };
const whole = { ...ports, transport: 'tcp', ip: '127.0.0.1', key: 'secret', signature_scheme: 'hmac-sha256' };

describe('a connection file', () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tsloop-connection-'));
    file = path.join(folder, 'connection.json');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function read(content: unknown): Connection {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readConnectionFile(file);
  }

  function refuses(content: unknown, ...says: string[]): void {
    assert.throws(
      () => read(content),
      (error) => {
        assert.ok(error instanceof Error && error.name === 'ConnectionFileError');
        for (const text of [file, ...says])
          assert.ok(error.message.includes(text), `${text} is not in: ${error.message}`);
        return true;
      },
    );
  }

  it('gives TCP endpoints, the key and the hash', () => {
    assert.deepEqual(read(whole), {
      endpoints: {
        shell: 'tcp://127.0.0.1:1001',
        iopub: 'tcp://127.0.0.1:1002',
        stdin: 'tcp://127.0.0.1:1003',
        control: 'tcp://127.0.0.1:1004',
        hb: 'tcp://127.0.0.1:65535',
      },
      key: 'secret',
      hash: 'sha256',
    });
  });

  it('gives IPC endpoints, whose ports are suffixes of a path', () => {
    const { endpoints } = read({ ...whole, transport: 'ipc', ip: '/run/user/kernel-1' });
    assert.deepEqual(
      [endpoints.shell, endpoints.hb],
      ['ipc:///run/user/kernel-1-1001', 'ipc:///run/user/kernel-1-65535'],
    );
  });

  it('may leave out what has a default', () => {
    const { endpoints, key, hash } = read(ports);
    assert.deepEqual([endpoints.shell, key, hash], ['tcp://127.0.0.1:1001', '', 'sha256']);
  });

  it('may hold more than is needed', () =>
    assert.equal(read({ ...whole, kernel_name: 'x', jupyter_session: 5 }).key, 'secret'));
  it('may ask for another hash', () =>
    assert.equal(read({ ...whole, signature_scheme: 'hmac-sha512' }).hash, 'sha512'));

  it('that is not there is named', () => {
    const missing = path.join(folder, 'missing.json');
    assert.throws(() => readConnectionFile(missing), {
      name: 'ConnectionFileError',
      message: /missing\.json.*ENOENT/,
    });
  });

  it('that is no JSON, or no object, says so', () => {
    refuses('{ "shell_port": ', 'is not JSON');
    refuses('', 'is not JSON');
    for (const content of ['[]', 'null', '5', '"text"']) refuses(content, 'does not hold a JSON object');
  });

  it('names the port that is missing or no port', () => {
    for (const name of Object.keys(ports)) {
      for (const value of [undefined, null, '1001', 0, -1, 65536, 1.5, {}])
        refuses({ ...whole, [name]: value }, `'${name}'`, 'port number');
    }
  });

  it('names a text that is no text', () => {
    for (const name of ['transport', 'ip', 'key', 'signature_scheme'])
      refuses({ ...whole, [name]: 5 }, `'${name}' as a string`);
  });

  it('names a transport and a signature scheme that do not exist', () => {
    refuses({ ...whole, transport: 'udp' }, "'udp'", "'tcp' and 'ipc'");
    refuses({ ...whole, signature_scheme: 'sha256' }, "'sha256'", 'hmac-sha256');
  });
});
