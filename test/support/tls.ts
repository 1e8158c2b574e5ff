import { fileURLToPath } from 'node:url';

/** A self-signed certificate for loopback, and its key, for tests alone. */
export const certificateFile = fileURLToPath(new URL('tls-test-certificate.pem', import.meta.url));
export const keyFile = fileURLToPath(new URL('tls-test-key.pem', import.meta.url));
