import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What a certificate says. */
export interface CertificateFields {
  /** Its common name; two of one name are one for those that look for an issuer. */
  readonly name: string;
  readonly key: KeyPair;
  /** Who signs it; itself by default. */
  readonly issuer?: Pick<CertificateFields, 'name' | 'key'>;
  readonly from?: Date;
  readonly until?: Date;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function ecKey(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function rsaKey(): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** The private key in PEM. */
export function keyPem({ privateKey }: KeyPair): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const hour = 3_600_000;
let serial = 0;

/** A certificate for 127.0.0.1 in PEM (RFC 5280 §4.1), for an hour unless told otherwise. */
export function certificatePem(fields: CertificateFields): string {
  const issuer = fields.issuer ?? fields;
  const { from = new Date(Date.now() - hour), until = new Date(Date.now() + 1000 * hour) } = fields;
  serial += 1;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial])),
    algorithmOf(issuer.key),
    nameOf(issuer.name),
    sequence(time(from), time(until)),
    nameOf(fields.name),
    fields.key.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(loopback)),
  );
  const signature = sign('sha256', body, issuer.key.privateKey);
  const certificate = sequence(body, algorithmOf(issuer.key), der(0x03, Buffer.from([0]), signature));
  const base64 = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

/** A value in DER: its tag, its length and its content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function identifier(hexadecimal: string): Buffer {
  return der(0x06, Buffer.from(hexadecimal, 'hex'));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(commonName)))));
}

/** UTCTime: `YYMMDDHHMMSSZ`. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** The subject's alternative name: the address 127.0.0.1. */
const loopback = sequence(identifier('551d11'), der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));

/** `ecdsa-with-SHA256` or `sha256WithRSAEncryption`. */
function algorithmOf({ privateKey }: KeyPair): Buffer {
  return privateKey.asymmetricKeyType === 'ec'
    ? sequence(identifier('2a8648ce3d040302'))
    : sequence(identifier('2a864886f70d01010b'), der(0x05));
}
