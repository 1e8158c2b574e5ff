import { rootRealm } from '../../domain/realm.js';

/** Issuer identifiers (RFC 8414 §2): the root realm's is the configured URL; the others are below it. */
export class Issuer {
  /** @param root an http or https URL without query, fragment and trailing slash */
  constructor(private root: string) {}

  /** Takes over the port that the system has chosen, where the settings leave it open and it is part of the URL. */
  listensAt(port: number): void {
    this.root = this.root.replace(/:0$/, `:${port}`);
  }

  /** The origin of all issuers (RFC 6454 §6.2). */
  get origin(): string {
    return new URL(this.root).origin;
  }

  /** The identifier of a realm's issuer. */
  of(realm: string): string {
    return this.root + (realm === rootRealm ? '' : realmPath(realm));
  }

  /** The URL of an endpoint below `/oauth2` for a realm. */
  endpoint(realm: string, name: string): string {
    return `${this.root}${realm === rootRealm ? '/oauth2' : realmPath(realm)}/${name}`;
  }

  /** The path of a realm's identifier: what RFC 8414 §3.1 inserts behind the well-known path. */
  path(realm: string): string {
    return new URL(this.of(realm)).pathname.replace(/\/$/, '');
  }
}

/** A realm in ForgeRock's full form: `/oauth2/realms/root/realms/alpha`. */
function realmPath(realm: string): string {
  return `/oauth2/realms/root${realm.replaceAll('/', '/realms/')}`;
}
