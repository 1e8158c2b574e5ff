import type { Source } from './parse.js';

/**
 * The vendors' own documentation samples, ready to be tried: their passwords and secrets are public. Kept in
 * code because a built server has no other files than its modules.
 */
export const demoConfiguration: Source = {
  file: 'demo.yaml',
  text: `
realms:
  - name: /
    clients:
      - client_id: SampleConfidentialApp
        client_secret: 6808d4b6-ef09-4b0d-8f28-3b05da9c48ec
        client_name: Sample confidential app
        description: Asks the Axway flavour, as in the documentation of Axway API Gateway
        grant_types: [authorization_code, password, client_credentials, refresh_token]
        redirect_uris: [https://localhost/oauth_callback]
        scopes:
          - https://localhost:8090/auth/userinfo.email
          - resource.READ
          - resource.WRITE
        default_scopes: [https://localhost:8090/auth/userinfo.email]
    users:
      - username: admin
        password: changeme
  - name: /alpha
    clients:
      - client_id: myClient
        client_secret: forgerock
        client_name: My client
        description: Asks the ForgeRock flavour, as in the documentation of ForgeRock AM
        grant_types: [authorization_code, password, client_credentials, refresh_token]
        redirect_uris: ['http://127.0.0.1:3000/callback']
        scopes: [write, read, mail, cn]
        default_scopes: [write]
        introspect: realm
    users:
      - username: demo
        password: Ch4ng31t
        attributes:
          mail: demo@example.com
          cn: Demo User
`,
};
