import { type Check, fail, ok, warn } from './check.js';

/** Where a server listens, as far as others than its machine may reach it. */
export interface Exposure {
  /** `off` without an operator's listener, `local` on loopback, `tls` or `clear` beyond it. */
  readonly admin: 'off' | 'local' | 'tls' | 'clear';
  /** The demo, whose passwords are public: not served, on loopback, or beyond it. */
  readonly demo: 'off' | 'local' | 'open';
}

/** Whether tokens of operators can be read on the way. */
export function adminListenerCheck({ admin }: Exposure): Check {
  const findings = {
    off: ok("ADMIN_PORT=off: there is no operator's listener"),
    local: ok("the operator's listener is on loopback"),
    tls: ok("the operator's listener is beyond loopback, with TLS"),
    clear: warn(
      "the operator's listener is beyond loopback without TLS: its tokens can be read on the way",
      'set TLS_KEY_FILE and TLS_CERT_FILE, or ADMIN_HOST=127.0.0.1',
    ),
  };
  return { name: 'admin-listener', run: async () => findings[admin] };
}

/** Whether the demo is served, whose passwords and secrets everybody knows. */
export function demoCheck({ demo }: Exposure): Check {
  const advice = 'name a CONFIG_FILE of your own, or set DEMO=off';
  const findings = {
    off: ok('the demo is not served'),
    local: warn('the demo is served on loopback: everybody knows its passwords', advice),
    open: fail('the demo is served beyond loopback: everybody knows its passwords', advice),
  };
  return { name: 'demo', run: async () => findings[demo] };
}
