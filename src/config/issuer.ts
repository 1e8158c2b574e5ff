import type { SettingReader } from './setting-reader.js';

/** Addresses of no machine, on which a server listens at every address of its own. */
const unspecified = ['0.0.0.0', '[::]', '[::ffff:0:0]'];

/**
 * Reads our identifier, a URL (RFC 8414 §2); the reader collects the problems.
 * @param listener where we listen, of which an identifier is made where none is set; one with port 0 gets the port that
 *   the system chooses
 */
export function readIssuer(
  reader: SettingReader,
  { scheme, host, port }: { readonly scheme: string; readonly host: string; readonly port: number },
): string {
  const issuer = reader.text('ISSUER');
  const unnamed = 'clients on other machines cannot use it; set ISSUER to the URL that they use';
  if (issuer === undefined) {
    const url = (name: string) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
    if (!isUnspecified(url(host))) {
      warnOfPlainHttp(reader, url(host));
      return url(host);
    }
    const made = url('localhost');
    const shown = port === 0 ? made.replace(/0$/, 'PORT') : made;
    reader.warn('ISSUER', `HOST is every address, so the issuer is ${shown}: ${unnamed}`);
    return made;
  }
  if (!/^https?:\/\/[^?#\s]+$/.test(issuer) || !URL.canParse(issuer) || issuer.endsWith('/')) {
    reader.refuse('ISSUER', 'not an http or https URL without query, fragment and trailing slash');
  } else if (new URL(issuer).port === '0') {
    reader.refuse('ISSUER', 'nobody can reach port 0');
  } else if (isUnspecified(issuer)) {
    reader.warn('ISSUER', `an address of no machine: ${unnamed}`);
  } else {
    warnOfPlainHttp(reader, issuer);
  }
  return issuer;
}

/** Over plain HTTP, a browser's cookies lack what `__Host-` and `Secure` give them. */
function warnOfPlainHttp(reader: SettingReader, issuer: string): void {
  if (!issuer.startsWith('http:') || !URL.canParse(issuer)) return;
  if (isLoopback(new URL(issuer).hostname.replace(/^\[|\]$/g, ''))) return;
  reader.warn(
    'ISSUER',
    'plain HTTP: passwords, cookies and tokens can be read on the way; let clients use https',
  );
}

/** Whether an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The parser of URLs knows the other ways to write them, such as 0 and 0:0:0:0:0:0:0:0. */
function isUnspecified(url: string): boolean {
  return URL.canParse(url) && unspecified.includes(new URL(url).hostname);
}
