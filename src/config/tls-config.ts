import type { SettingReader } from './setting-reader.js';
import { flawOfPair, type TlsPair, type TlsPairSettings, validityWarnings } from './tls-pair.js';

/** TLS of both listeners. */
export interface TlsConfig extends TlsPair {
  /** Paths of the files, which may be renewed. */
  readonly keyFile: string;
  readonly certFile: string;
}

/** The settings that name the files of both listeners. */
export const listenerTlsSettings: TlsPairSettings = { key: 'TLS_KEY_FILE', cert: 'TLS_CERT_FILE' };

/** Reads the settings; the reader collects the problems with them. Undefined for plain HTTP. */
export function readTls(reader: SettingReader): TlsConfig | undefined {
  const keyFile = reader.text('TLS_KEY_FILE');
  const certFile = reader.text('TLS_CERT_FILE');
  const key = reader.file('TLS_KEY_FILE');
  const cert = reader.file('TLS_CERT_FILE');
  if ((keyFile === undefined) !== (certFile === undefined)) {
    reader.refuse('TLS_KEY_FILE', 'TLS_KEY_FILE and TLS_CERT_FILE go together');
  }
  if (keyFile === undefined || certFile === undefined || !key || !cert) return undefined;
  const flaw = flawOfPair({ key, cert }, listenerTlsSettings);
  if (flaw) reader.refuse(flaw.name, flaw.reason);
  for (const warning of flaw ? [] : validityWarnings(cert, Date.now())) reader.warn('TLS_CERT_FILE', warning);
  return { keyFile, certFile, key, cert };
}
