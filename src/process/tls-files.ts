import { readFile } from 'node:fs/promises';
import type { Server } from 'node:tls';
import type { Logger } from 'pino';
import { listenerTlsSettings, type TlsConfig } from '../config/tls-config.js';
import { flawOfPair, type TlsPair, validityWarnings } from '../config/tls-pair.js';

/** How often the files are read, in milliseconds. */
const pollMs = 5_000;

/**
 * The files of a server's key and certificate, which are renewed while it runs. New connections get the new certificate;
 * while the files do not belong together, as between the writing of one and the other, they get the old one.
 */
export class TlsFiles {
  private used: TlsPair;
  /** What was said last, so that each poll does not say it again. */
  private said?: string;
  private reading?: Promise<void>;
  private timer?: NodeJS.Timeout;

  /** @param servers of this process, which have this pair already */
  constructor(
    private readonly tls: TlsConfig,
    private readonly servers: readonly Server[],
    private readonly log: Logger,
  ) {
    this.used = tls;
  }

  /** Looks for other files from now on, until `stop`. */
  watch(): void {
    this.timer = setInterval(() => void this.reload(), pollMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks for other files now. Never rejects. */
  reload(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      const [key, cert] = await Promise.all([readFile(this.tls.keyFile), readFile(this.tls.certFile)]);
      this.take({ key, cert });
    } catch (error) {
      this.warn(`TLS_KEY_FILE, TLS_CERT_FILE: cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  private take(pair: TlsPair): void {
    if (pair.key.equals(this.used.key) && pair.cert.equals(this.used.cert)) {
      this.said = undefined;
      return;
    }
    const flaw = flawOfPair(pair, listenerTlsSettings);
    if (flaw) {
      this.warn(`${flaw.name}: ${flaw.reason}`);
      return;
    }
    for (const server of this.servers) server.setSecureContext(pair);
    this.used = pair;
    this.said = undefined;
    this.log.info('TLS certificate renewed');
    for (const warning of validityWarnings(pair.cert, Date.now())) this.log.warn(`TLS_CERT_FILE: ${warning}`);
  }

  private warn(reason: string): void {
    if (this.said === reason) return;
    this.said = reason;
    this.log.warn(`${reason}; the TLS certificate stays as it was`);
  }
}
