import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SettingName } from './settings.js';

/** A private key and its certificate, followed by the certificates of its chain: PEM texts. */
export interface TlsPair {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** The settings that name the two files. */
export interface TlsPairSettings {
  readonly key: SettingName;
  readonly cert: SettingName;
}

/** Why a pair cannot be used: the setting at fault, and the reason. */
export interface TlsPairFlaw {
  readonly name: SettingName;
  readonly reason: string;
}

/** Days before its end from which a certificate is warned of. */
const warningDays = 14;
const dayMs = 86_400_000;

/**
 * Says why a pair cannot be used; undefined when it can. OpenSSL itself accepts a key of another kind than the certificate's,
 * and then fails each handshake.
 */
export function flawOfPair({ key, cert }: TlsPair, names: TlsPairSettings): TlsPairFlaw | undefined {
  const privateKey = readKey(key);
  if (typeof privateKey === 'string') return { name: names.key, reason: privateKey };
  const chain = readChain(cert);
  if (typeof chain === 'string') return { name: names.cert, reason: chain };
  const [own, ...others] = chain;
  if (!own.checkPrivateKey(privateKey)) {
    if (others.some((other) => other.checkPrivateKey(privateKey))) {
      return {
        name: names.cert,
        reason: "the chain is in the wrong order: the server's own certificate is not its first",
      };
    }
    const kinds = `${kindOf(privateKey)}, ${kindOf(own.publicKey)}`;
    return { name: names.key, reason: `this is not the key of the certificate in ${names.cert} (${kinds})` };
  }
  if (!isInOrder(chain)) {
    return {
      name: names.cert,
      reason: 'the chain is in the wrong order: each certificate is followed by that of its issuer',
    };
  }
  return opensslFlaw({ key, cert }, names);
}

/** What is to be said of a certificate's times, a sentence for each of the chain; it must have been read before. */
export function validityWarnings(cert: Buffer, now: number): string[] {
  const chain = readChain(cert);
  if (typeof chain === 'string') return [];
  return chain.flatMap((certificate, index) => {
    const which = index === 0 ? 'the certificate' : `certificate ${index + 1} of the chain`;
    const { validFrom, validTo } = certificate;
    if (Date.parse(validFrom) > now) return [`${which} is not valid before ${validFrom}`];
    if (Date.parse(validTo) <= now) return [`${which} has expired on ${validTo}`];
    if (Date.parse(validTo) - warningDays * dayMs <= now) return [`${which} expires on ${validTo}`];
    return [];
  });
}

/** @returns the key, or why there is none */
function readKey(pem: Buffer): KeyObject | string {
  try {
    return createPrivateKey(pem);
  } catch {
    const text = pem.toString('latin1');
    if (text.includes('ENCRYPTED')) {
      return 'the key is encrypted; write it without a passphrase (openssl pkey -in KEY -out NEW)';
    }
    return text.includes('BEGIN CERTIFICATE') && !text.includes('PRIVATE KEY')
      ? 'the file holds a certificate, not a private key'
      : 'not a private key in PEM';
  }
}

/** @returns the certificates in the order of the file, at least one, or why there is none */
function readChain(pem: Buffer): [X509Certificate, ...X509Certificate[]] | string {
  const text = pem.toString('latin1');
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^]*?-----END/g) ?? [];
  try {
    const [own, ...others] = blocks.map((block) => new X509Certificate(`${block} CERTIFICATE-----\n`));
    if (own) return [own, ...others];
  } catch {
    return 'not certificates in PEM';
  }
  return text.includes('PRIVATE KEY')
    ? 'the file holds a private key, not a certificate'
    : 'not certificates in PEM';
}

/** Whether each certificate, but the first, has issued one before it; one that has issued none at all does no harm. */
function isInOrder(chain: readonly X509Certificate[]): boolean {
  return chain.every((certificate, index) => {
    const issued = (other: X509Certificate) => other !== certificate && other.checkIssued(certificate);
    return index === 0 || chain.slice(0, index).some(issued) || !chain.slice(index).some(issued);
  });
}

function kindOf({ asymmetricKeyType }: KeyObject): string {
  return asymmetricKeyType?.toUpperCase() ?? 'unknown';
}

/** What OpenSSL has against the pair, as a key that is too short. */
function opensslFlaw(pair: TlsPair, names: TlsPairSettings): TlsPairFlaw | undefined {
  try {
    createSecureContext(pair);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name: names.key, reason: `this and ${names.cert} cannot be used for TLS (${code})` };
  }
}
