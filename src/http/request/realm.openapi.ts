import { queryParameter } from '../../openapi/operation.js';
import { text } from '../../openapi/schema.js';

/** How a request names its realm in the URL of an endpoint below `/oauth2`. */
export const realmInQuery = queryParameter(
  'realm',
  text('Path of the realm; the slash in front may be missing. Without it, it is the root realm.'),
  '/alpha',
);
