import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, readConnectionFile, warnings } from '../../../kernel/wire/connection-file.ts';

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

  it('may give an address of IPv6, or a name for this machine', () => {
    assert.equal(read({ ...whole, ip: '::1' }).endpoints.shell, 'tcp://[::1]:1001');
    assert.equal(read({ ...whole, ip: 'localhost' }).endpoints.shell, 'tcp://127.0.0.1:1001');
  });

  it('may give keys of CurveZMQ, both or none', () => {
    const publicKey = '{z4LJ<<*gfGf]Nbs(HFfx^}}I(LG)o&$Q4ln2cR=';
    const secretKey = '448AH1po<VJhScFh4yuEZmxzbkbRS&5j-iut$Z2%';
    const keys = { curve_publickey: publicKey, curve_secretkey: secretKey };
    assert.deepEqual(read({ ...whole, ...keys }).curve, { publicKey, secretKey });
    assert.equal(read({ ...whole, curve_publickey: null, curve_secretkey: null }).curve, undefined);
    for (const broken of [
      { curve_publickey: publicKey },
      { curve_secretkey: secretKey },
      { ...keys, curve_secretkey: secretKey.slice(1) },
      { ...keys, curve_publickey: `${publicKey.slice(1)}é` },
    ])
      refuses({ ...whole, ...broken }, "'curve_publickey' and 'curve_secretkey'");
    refuses({ ...whole, ...keys, curve_publickey: 5 }, "'curve_publickey' as a string");
  });

  it('may be a registration file: ports are to be chosen, and told', () => {
    const { ip, key, transport, signature_scheme: scheme } = whole;
    const file66 = { ip, key, transport, signature_scheme: scheme, registration_port: 4000 };
    const { endpoints, registration } = read(file66);
    assert.deepEqual(
      [new Set(Object.values(endpoints)), registration],
      [new Set(['tcp://127.0.0.1:*']), { endpoint: 'tcp://127.0.0.1:4000', kernelId: undefined }],
    );
    const xeus = { ...file66, ip: '127.0.0.2', registration_ip: '127.0.0.1', kernel_id: 'kernel-1' };
    assert.deepEqual(read(xeus).registration, { endpoint: 'tcp://127.0.0.1:4000', kernelId: 'kernel-1' });
    assert.equal(read(xeus).endpoints.hb, 'tcp://127.0.0.2:*');
    refuses({ ...file66, registration_port: 'x' }, "'registration_port'", 'port number');
    refuses({ ...file66, kernel_id: 1 }, "'kernel_id' as a string");
    refuses({ ...file66, transport: 'ipc' }, 'over tcp only');
  });

  it('is warned of where it lets others in', () => {
    const warned = (content: object, mode = 0o600): string => {
      const connection = read(content);
      chmodSync(file, mode);
      return warnings(file, connection).join('\n');
    };
    assert.equal(warned(whole), '');
    assert.match(warned({ ...whole, key: '' }), /has no key: whoever can connect to its ports/);
    assert.match(
      warned({ ...whole, key: '', transport: 'ipc', ip: '/run/x' }),
      /has no key: whoever can open its sockets/,
    );
    assert.match(warned({ ...whole, ip: '0.0.0.0' }), /tcp:\/\/0\.0\.0\.0:1001 unencrypted/);
    for (const ip of ['127.0.0.5', '::1', 'localhost']) assert.equal(warned({ ...whole, ip }), '');
    if (process.platform === 'win32') return;
    for (const mode of [0o640, 0o604])
      assert.match(warned(whole, mode), /can be read by other users.*: chmod 600/);
    assert.equal(warned({ ...whole, transport: 'ipc', ip: '/run/x' }), '');
  });

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
