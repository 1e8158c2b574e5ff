/** AM's answer for an inactive token: that of current versions, or that of versions 12 to 13.0. */
export type InactiveTokenStyle = 'modern' | 'openam12';

/** Settings of ForgeRock's tokeninfo. */
export abstract class ForgeRockSettings {
  /** Whether a request that names a realm is answered for that realm's tokens alone. */
  abstract readonly namedRealmOnly: boolean;
  abstract readonly inactiveTokens: InactiveTokenStyle;
}
