import { X509Certificate } from 'node:crypto';
import { flawOfPair, validityWarnings } from '../../src/config/tls-pair.js';
import { type CertificateFields, certificatePem, ecKey, keyPem, rsaKey } from '../support/certificates.js';

const ec = ecKey();
const rsa = rsaKey();
const root: CertificateFields = { name: 'root', key: ecKey() };
const between: CertificateFields = { name: 'between', key: rsaKey(), issuer: root };
const leaf: CertificateFields = { name: 'leaf', key: ec, issuer: between };
const encrypted = (type: 'pkcs8' | 'sec1') =>
  ec.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();

function flaw(key: string, ...certificates: (string | CertificateFields)[]) {
  const cert = certificates.map((one) => (typeof one === 'string' ? one : certificatePem(one))).join('');
  const names = { key: 'TLS_KEY_FILE', cert: 'TLS_CERT_FILE' } as const;
  const found = flawOfPair({ key: Buffer.from(key), cert: Buffer.from(cert) }, names);
  return found && `${found.name}: ${found.reason}`;
}

describe('a key and its certificate', () => {
  it.each([
    ['an EC key alone', keyPem(ec), [{ name: 'a', key: ec }]],
    ['an RSA key alone', keyPem(rsa), [{ name: 'a', key: rsa }]],
    ['a chain', keyPem(ec), [leaf, between]],
    ['a chain with its root', keyPem(ec), [leaf, between, root]],
    [
      'a chain with a certificate that has nothing to do with it',
      keyPem(ec),
      [leaf, between, { name: 'x', key: rsa }],
    ],
    [
      'an issuer that two others have signed',
      keyPem(ec),
      [leaf, between, { ...between, issuer: { name: 'old', key: rsa } }, root],
    ],
    ['text between the certificates', keyPem(ec), ['leaf\n', leaf, 'between\r\n', between]],
    ['both in one file', certificatePem(leaf) + keyPem(ec), [leaf, keyPem(ec)]],
  ] satisfies [string, string, (string | CertificateFields)[]][])('can be %s', (_, key, certificates) => {
    expect(flaw(key, ...certificates)).toBeUndefined();
  });

  const order = 'TLS_CERT_FILE: the chain is in the wrong order: ';
  it.each([
    [
      'an RSA key with an EC certificate',
      keyPem(rsa),
      [leaf],
      'TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE (RSA, EC)',
    ],
    [
      'an EC key with an RSA certificate',
      keyPem(ec),
      [{ name: 'a', key: rsa }],
      'TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE (EC, RSA)',
    ],
    [
      'another EC key',
      keyPem(ecKey()),
      [leaf],
      'TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE (EC, EC)',
    ],
    [
      'an encrypted key',
      encrypted('pkcs8'),
      [leaf],
      'TLS_KEY_FILE: the key is encrypted; write it without a passphrase (openssl pkey -in KEY -out NEW)',
    ],
    [
      'an encrypted key of the old form',
      encrypted('sec1'),
      [leaf],
      'TLS_KEY_FILE: the key is encrypted; write it without a passphrase (openssl pkey -in KEY -out NEW)',
    ],
    [
      'two certificates',
      certificatePem(leaf),
      [leaf],
      'TLS_KEY_FILE: the file holds a certificate, not a private key',
    ],
    ['two keys', keyPem(ec), [keyPem(ec)], 'TLS_CERT_FILE: the file holds a private key, not a certificate'],
    ['a key that is no PEM', 'key', [leaf], 'TLS_KEY_FILE: not a private key in PEM'],
    ['an empty key', '', [leaf], 'TLS_KEY_FILE: not a private key in PEM'],
    ['a certificate that is no PEM', keyPem(ec), ['cert'], 'TLS_CERT_FILE: not certificates in PEM'],
    [
      'a certificate that is cut off',
      keyPem(ec),
      [certificatePem(leaf).slice(0, 200)],
      'TLS_CERT_FILE: not certificates in PEM',
    ],
    [
      'a certificate that is broken',
      keyPem(ec),
      [certificatePem(leaf).replace(/\n.{20}/, '\nAAAA')],
      'TLS_CERT_FILE: not certificates in PEM',
    ],
    [
      'the issuer first',
      keyPem(ec),
      [between, leaf],
      `${order}the server's own certificate is not its first`,
    ],
    [
      'the root before the issuer',
      keyPem(ec),
      [leaf, root, between],
      `${order}each certificate is followed by that of its issuer`,
    ],
  ] satisfies [string, string, (string | CertificateFields)[], string][])(
    'cannot be %s',
    (_, key, certificates, reason) => {
      expect(flaw(key, ...certificates)).toBe(reason);
    },
  );

  it('are warned of by the times of each certificate', () => {
    const now = Date.now();
    const day = 86_400_000;
    const at = (days: number) => new Date(now + days * day);
    const warnings = (...certificates: CertificateFields[]) => {
      const pems = certificates.map(certificatePem);
      const times = pems.map((pem) => new X509Certificate(pem));
      return { said: validityWarnings(Buffer.from(pems.join('')), now), times };
    };
    expect(warnings({ ...leaf, until: at(15) }).said).toEqual([]);
    const soon = warnings({ ...leaf, until: at(13) });
    expect(soon.said).toEqual([`the certificate expires on ${soon.times[0].validTo}`]);
    const past = warnings({ ...leaf, until: at(20) }, { ...between, from: at(-3), until: at(-1) });
    expect(past.said).toEqual([`certificate 2 of the chain has expired on ${past.times[1].validTo}`]);
    const future = warnings({ ...leaf, from: at(1), until: at(20) });
    expect(future.said).toEqual([`the certificate is not valid before ${future.times[0].validFrom}`]);
  });
});
