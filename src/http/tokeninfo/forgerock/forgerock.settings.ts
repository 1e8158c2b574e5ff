/** AM's answer for a token that is worth nothing: of today, or of its versions 12 to 13.0. */
export type InactiveTokenStyle = 'modern' | 'openam12';

/** How ForgeRock's tokeninfo is set. */
export abstract class ForgeRockSettings {
  /** Whether a request that names a realm is answered for that realm's tokens alone. */
  abstract readonly namedRealmOnly: boolean;
  abstract readonly inactiveTokens: InactiveTokenStyle;
}
