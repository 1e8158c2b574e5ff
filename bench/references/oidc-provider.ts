import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { client } from '../subjects.js';
import { listen } from './listen.js';

/** The established OAuth 2.0 server for Node, with its own adapter, which keeps tokens in memory. */
const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['read', 'write'],
  ttl: { ClientCredentials: 86_400 },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    devInteractions: { enabled: false },
  },
});

listen(createServer(provider.callback()));
