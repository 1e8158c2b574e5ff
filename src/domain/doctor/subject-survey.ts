/** Some clients of the whole directory. */
export interface SurveyedClients {
  /** How many there are. */
  readonly count: number;
  /** Identifiers of the first ones, by realm and identifier; at most 11. */
  readonly clientIds: readonly string[];
}

/** The secrets of enabled clients. */
export interface SurveyedSecrets {
  /** The clients whose secret was made before the time that was asked for; not those of which that is not known. */
  readonly old: SurveyedClients;
  /** How many previous secrets are still accepted beside the one that has replaced them, and how many are not any more. */
  readonly accepted: number;
  readonly ended: number;
}

/** How many stored hashes are alike: of one form and cost. */
export interface HashCount {
  readonly count: number;
  /** One of them, as it is stored. */
  readonly example: string;
}

/** Looks at the clients and users of all realms. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class SubjectSurvey {
  /** The enabled clients that may use the password grant. */
  abstract clientsWithPasswordGrant(): Promise<SurveyedClients>;
  /**
   * @param madeBefore milliseconds since 1970, as `now`
   */
  abstract clientSecrets(madeBefore: number, now: number): Promise<SurveyedSecrets>;
  /** The hashes of passwords and secrets that this server would not make so, at most 1,000 kinds of clients and of users. */
  abstract foreignHashes(): Promise<readonly HashCount[]>;
}
