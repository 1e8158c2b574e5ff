import { ApiClient } from '../api/client.js';

/** Takes the code for a login out of the address, so that it stays neither there nor in the history. */
export function takeLoginCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/**
 * Exchanges it for an admin token.
 * @throws ApiProblem for a code that was used, or is too old
 */
export async function exchangeLoginCode(code: string): Promise<string> {
  const { body } = await new ApiClient().send<{ readonly access_token: string }>({
    method: 'POST',
    path: '/admin/v1/login',
    body: { code },
  });
  return body.access_token;
}
