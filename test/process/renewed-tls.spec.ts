import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import {
  type CertificateFields,
  certificatePem,
  ecKey,
  type KeyPair,
  keyPem,
  rsaKey,
} from '../support/certificates.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder } from '../support/database.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';

/** The two files that a server is given. */
class Files {
  constructor(
    readonly keyFile: string,
    readonly certFile: string,
  ) {}

  static async of(
    name: string,
    key: KeyPair = ecKey(),
    fields: Partial<CertificateFields> = {},
  ): Promise<Files> {
    const folder = await temporaryFolder();
    const files = new Files(join(folder, 'key.pem'), join(folder, 'cert.pem'));
    await files.writeKey(key);
    await files.writeCertificate({ name, key, ...fields });
    return files;
  }

  get settings(): Settings {
    return { TLS_KEY_FILE: this.keyFile, TLS_CERT_FILE: this.certFile };
  }

  writeKey(key: KeyPair): Promise<void> {
    return writeFile(this.keyFile, keyPem(key));
  }

  writeCertificate(fields: CertificateFields): Promise<void> {
    return writeFile(this.certFile, certificatePem(fields));
  }
}

/** The name in the certificate that a port shows. */
async function shownAt(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  return subject.replace('CN=', '');
}

const shownBy = ({ port, adminPort }: ServerProcess) => Promise.all([shownAt(port), shownAt(adminPort)]);
const renewed = 'TLS certificate renewed';
const oneClient = configuration({ '/': { clients: [client()] } });

afterEach(() => ServerProcess.endAll());

describe('a server with TLS files', () => {
  it('takes up renewed files at SIGHUP, and keeps the old pair while only one of them is new', async () => {
    const files = await Files.of('first', rsaKey());
    const server = await ServerProcess.start({ ...(await fileSettings(oneClient)), ...files.settings });
    expect(await shownBy(server)).toEqual(['first', 'first']);

    const key = ecKey();
    await files.writeKey(key);
    server.signal('SIGHUP');
    const half = 'TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE (EC, RSA)';
    expect(await server.logged(`${half}; the TLS certificate stays as it was`)).toMatchObject({ level: 40 });
    expect(await shownBy(server)).toEqual(['first', 'first']);

    await files.writeCertificate({ name: 'second', key, until: new Date(Date.now() + 3_600_000) });
    server.signal('SIGHUP');
    await server.logged(renewed);
    expect(await shownBy(server)).toEqual(['second', 'second']);
    expect(
      server.records.filter(({ msg }) => /^TLS_CERT_FILE: the certificate expires on /.test(String(msg))),
    ).toHaveLength(1);
    expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
  });

  it('takes them up without a signal, too, and goes on while they are away', async () => {
    const files = await Files.of('first');
    const kept = await Files.of('second');
    const server = await ServerProcess.start({ ...(await fileSettings(oneClient)), ...files.settings });
    await Promise.all([files.keyFile, files.certFile].map((file) => rm(file)));
    await server.logged(
      'TLS_KEY_FILE, TLS_CERT_FILE: cannot be read (ENOENT); the TLS certificate stays as it was',
    );
    expect(await shownBy(server)).toEqual(['first', 'first']);
    await copyFile(kept.keyFile, files.keyFile);
    await copyFile(kept.certFile, files.certFile);
    await server.logged(renewed);
    expect(await shownBy(server)).toEqual(['second', 'second']);
  });

  it('warns of a certificate that has expired', async () => {
    const files = await Files.of('old', ecKey(), { until: new Date(Date.now() - 1000) });
    const server = await ServerProcess.start({ ...(await fileSettings(oneClient)), ...files.settings });
    expect(await shownBy(server)).toEqual(['old', 'old']);
    const said = server.records.filter(({ level }) => level === 40).map(({ msg }) => msg);
    expect(said).toContainEqual(expect.stringMatching(/^TLS_CERT_FILE: the certificate has expired on /));
  });

  it('is not started with an RSA key and an EC certificate', async () => {
    const files = await Files.of('a');
    await files.writeKey(rsaKey());
    const server = ServerProcess.run({ ...(await fileSettings(oneClient)), ...files.settings });
    expect(await server.ended).toMatchObject({ status: expect.any(Number) });
    expect(server.stderr).toBe(
      'symbolon: TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE (RSA, EC)\n',
    );
  });

  (onServer ? it : it.skip)('takes them up in each of its workers', async () => {
    const database = await createDatabase();
    try {
      const files = await Files.of('first');
      const { CONFIG_FILE } = await fileSettings(oneClient);
      const server = await ServerProcess.start({
        CONFIG_FILE,
        ...database.settings,
        ...files.settings,
        WORKERS: '2',
      });
      const key = ecKey();
      await files.writeKey(key);
      await files.writeCertificate({ name: 'second', key });
      server.signal('SIGHUP');
      await server.logged(renewed, 2);
      const shown = await Promise.all(Array.from({ length: 4 }, () => shownBy(server)));
      expect(new Set(shown.flat())).toEqual(new Set(['second']));
      expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
    } finally {
      await ServerProcess.endAll();
      await database.drop();
    }
  });
});

it('a server without TLS files stops cleanly at SIGHUP', async () => {
  const server = await ServerProcess.start(await fileSettings(oneClient));
  expect(await server.kill('SIGHUP')).toEqual({ status: 0, signal: null });
  expect(server.recordsOf('stopping')).toMatchObject([{ signal: 'SIGHUP' }]);
});
