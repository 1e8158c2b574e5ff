import type { Config } from '../config/config.js';
import { isLoopback } from '../config/issuer.js';
import type { RunningServer } from './serve.js';

/** The text that a person who has just started the demo reads. It shows a code for the dashboard. */
export function demoBanner(config: Config, server: RunningServer): string {
  const url = urlOf(config, server.port);
  const alpha = `${url}${config.basePrefix}/oauth2/realms/root/realms/alpha`;
  return `
Symbolon serves its demo at ${url} (embedded PostgreSQL; not for production).

  Get a token as ForgeRock AM gives one, and ask what it is worth:
    curl -u myClient:forgerock -d grant_type=password -d username=demo -d password=Ch4ng31t -d scope=write \\
      ${alpha}/access_token
    curl -H "Authorization: Bearer $TOKEN" ${alpha}/tokeninfo

  Ask as Axway API Gateway does:
    curl -d access_token=$TOKEN ${url}/api/oauth/tokeninfo

  Refresh it, revoke it, and ask again, as RFC 7662 has it:
    curl -u myClient:forgerock -d grant_type=refresh_token -d refresh_token=$REFRESH_TOKEN ${alpha}/access_token
    curl -u myClient:forgerock -d token=$REFRESH_TOKEN ${alpha}/token/revoke
    curl -u myClient:forgerock -d token=$TOKEN ${alpha}/introspect
${dashboard(config, server)}
`;
}

/** The address of the dashboard. The code is in the fragment, which browsers send to nobody. */
function dashboard({ tls, operations }: Config, server: RunningServer): string {
  if (!operations.admin || server.adminPort === undefined) return '';
  // A wildcard is reached from this machine by loopback.
  const host = operations.admin.host.replace(/^(0\.0\.0\.0|::)$/, '127.0.0.1');
  return `
  See it all in the dashboard; this address logs in once, within 5 minutes:
    ${originOf(tls !== undefined, host, server.adminPort)}/#code=${server.showAdminCode()}
`;
}

/** Where the demo is found; beyond loopback only the issuer says where that is. */
function urlOf({ host, tls, issuer }: Config, port: number): string {
  if (!isLoopback(host)) return issuer;
  return originOf(tls !== undefined, host, port);
}

function originOf(secure: boolean, host: string, port: number): string {
  return `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
