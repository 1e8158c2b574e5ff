import type { Config } from './config.js';

/** What a person who just started the demo wants to read. */
export function welcome(config: Config, port: number): string {
  const scheme = config.tls ? 'https' : 'http';
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `${scheme}://${host}:${port}`;
  return `
Symbolon serves its demo at ${url} (embedded PostgreSQL; not for production).

  Get a token as ForgeRock AM gives one:
    curl -d grant_type=password -d username=demo -d password=Ch4ng31t -d scope=write \\
      -d client_id=myClient -d client_secret=forgerock \\
      ${url}${config.basePrefix}/oauth2/realms/root/realms/alpha/access_token
  Ask what it is worth:
    curl -H "Authorization: Bearer $TOKEN" ${url}${config.basePrefix}/oauth2/tokeninfo

  Get and ask as Axway API Gateway does:
    curl -u SampleConfidentialApp:6808d4b6-ef09-4b0d-8f28-3b05da9c48ec \\
      -d grant_type=client_credentials ${url}/api/oauth/token
    curl -d access_token=$TOKEN ${url}/api/oauth/tokeninfo

`;
}
