/** What counts for a client: the server has empty names for nobody, and `*` for what is beyond its limit of rows. */
export function clientName(client: string): string {
  return client === '*' ? 'all others' : client || 'nobody known';
}

/** What counts for a realm. */
export function realmName(realm: string): string {
  return realm === '*' ? 'all others' : realm || 'no realm';
}
