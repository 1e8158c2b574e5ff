const subjectChanges = ['created', 'updated', 'disabled', 'enabled', 'deleted', 'tokens_ended'];

/** What is recorded: docs/audit.md. */
export const actions = [
  ...['realm', 'client', 'user'].flatMap((subject) => subjectChanges.map((change) => `${subject}.${change}`)),
  'client.secret_added',
  'client.secret_ended',
  'user.password_changed',
  'token.revoked',
  'family.revoked',
  'family.reuse',
  'key.rotated',
  'configuration.applied',
  'tokens.imported',
  'tokens.copied',
  'admin_token.issued',
  'access.denied',
  'user.signed_in',
  'user.sign_in_refused',
  'user.signed_out',
  'consent.granted',
];
