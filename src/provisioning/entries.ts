import { isCopyableParameter } from '../domain/additional-information.js';
import {
  type AdministrationRight,
  type IntrospectionRight,
  maxLifetime,
  type RefreshPolicy,
} from '../domain/client.js';
import type { ConsentRule } from '../domain/consent.js';
import { type GrantType, grantTypes } from '../domain/grant-type.js';
import { isOrigin } from '../domain/origin.js';
import type { PkceRule } from '../domain/pkce.js';
import { isRealmPath, type UsernameRule } from '../domain/realm.js';
import { redirectUriKind } from '../domain/redirect-uri.js';
import { isScopeToken } from '../domain/scope.js';
import { clearSecret, form, line, oneOf, redirectUriReason, text } from './checks.js';
import { PagesEntry } from './pages-entry.js';
import {
  Is,
  IsEntry,
  IsListOf,
  IsListOfEntries,
  IsMappingOfEntries,
  IsOneOf,
  IsTrueOrFalse,
  IsWholeNumber,
  Required,
} from './decorators.js';

// The entries of the file, by its own key names (those of RFC 7591 where it has them). Every field is an own
// property from the start, even if it is undefined: a new entry's properties are the keys that the file may have.

export type State = 'present' | 'absent';

const successors: readonly RefreshPolicy['successor'][] = ['new', 'none', 'preserve'];
const introspectionRights: readonly IntrospectionRight[] = ['own', 'realm', 'all'];
const administrationRights: readonly AdministrationRight[] = ['none', 'read', 'write'];
const pkceRules: readonly PkceRule[] = ['required', 'optional'];
const consentRules: readonly ConsentRule[] = ['ask', 'implied'];
const usernameRules: readonly UsernameRule[] = ['exact', 'fold'];
const states: readonly State[] = ['present', 'absent'];

/** Longer than any hash that is accepted. */
const maxHashLength = 512;
const redirectUri = form((uri) => redirectUriKind(uri) !== undefined, redirectUriReason);

const scopeToken = form(isScopeToken, 'must be a scope token (RFC 6749 §3.3)');

/** A name with its text. */
export class TextEntry {
  @Is(line(255))
  readonly name: string;
  @Is(text(1024))
  readonly value: string;

  constructor(name: string, value: unknown) {
    this.name = name;
    this.value = value as string; // The decorator says whether it is.
  }

  /** As the file has it. */
  toJSON(): unknown {
    return this.value;
  }
}

/** An attribute's name with its values: in the file a text, or a list of texts. */
export class AttributeEntry {
  @Is(line(255))
  readonly name: string;
  @IsListOf(text(4096))
  readonly values: readonly string[];

  /** @param written the value in the file, good or not */
  constructor(
    name: string,
    readonly written: unknown,
  ) {
    this.name = name;
    this.values = (Array.isArray(written) ? written : [written]) as string[];
  }

  /** As the file has it. */
  toJSON(): unknown {
    return this.written;
  }
}

export type AttributesEntry = ReadonlyMap<string, AttributeEntry>;

export class UserEntry {
  @Required()
  @Is(line(255))
  username!: string;
  /** In clear; at most one of password and password_hash. */
  @Is(clearSecret)
  password?: string;
  /** In a form of `PasswordForms`: whether it is accepted is found out with the contradictions. */
  @Is(line(maxHashLength))
  password_hash?: string;
  @IsMappingOfEntries()
  attributes: AttributesEntry = new Map();
  @IsTrueOrFalse()
  enabled = true;
  @IsOneOf(states)
  state: State = 'present';
}

export class ClientEntry {
  @Required()
  @Is(line(255))
  client_id!: string;
  @IsOneOf(['confidential', 'public'])
  client_type: 'confidential' | 'public' = 'confidential';
  /** In clear; at most one of client_secret and client_secret_hash, none for a public client. */
  @Is(clearSecret)
  client_secret?: string;
  /** As password_hash, or `sha256:…` of a generated secret. */
  @Is(line(maxHashLength))
  client_secret_hash?: string;
  @Is(text(255))
  client_name?: string;
  @Is(text(4096))
  description?: string;
  @Is(text(255))
  contact_email?: string;
  @Is(text(255))
  application?: string;
  @IsListOf(oneOf(grantTypes))
  grant_types: GrantType[] = [];
  /** Where codes may be sent; `authorization_code` needs one. Without a default, as `administer`. */
  @IsListOf(redirectUri)
  redirect_uris?: string[];
  /** Whether they may be `http` on another machine; no when left out, as above. */
  @IsTrueOrFalse()
  insecure_redirect_uris?: boolean;
  /** Whether its authorization requests need a challenge (RFC 7636); `required` when left out, as above. */
  @IsOneOf(pkceRules)
  pkce?: PkceRule;
  /** Whether its users are asked for their consent; `ask` when left out, as above. */
  @IsOneOf(consentRules)
  consent?: ConsentRule;
  /** Origins of its pages in a browser; none when left out, as above. */
  @IsListOf(
    form(
      isOrigin,
      'must be an origin like https://app.example.com, or http on 127.0.0.1, [::1] or localhost',
    ),
  )
  origins?: string[];
  @IsListOf(scopeToken)
  scopes: string[] = [];
  /** A part of scopes. */
  @IsListOf(scopeToken)
  default_scopes: string[] = [];
  /** Seconds. */
  @IsWholeNumber(2, maxLifetime)
  access_token_lifetime = 3600;
  /** Seconds from the issue of a refresh token; using it does not extend them. */
  @IsWholeNumber(2, maxLifetime)
  refresh_token_lifetime = 43_200;
  /** Seconds from the sign-in in which refresh tokens can follow one another. */
  @IsWholeNumber(2, maxLifetime)
  refresh_token_max_lifetime = 2_592_000;
  /** What replaces a used refresh token. */
  @IsOneOf(successors)
  refresh: RefreshPolicy['successor'] = 'new';
  /** Whether a retry of a refresh is refused, or forgiven within the leeway and the token's lifetime. */
  @IsOneOf(['strict', 'graceful'])
  refresh_retry: 'strict' | 'graceful' = 'strict';
  /** Whose tokens it may introspect. */
  @IsOneOf(introspectionRights)
  introspect: IntrospectionRight = 'own';
  /**
   * What its tokens with the scope `admin` may do at the operator's listener; `none` when left out. It has no default
   * here: a file that does not name it keeps its digest.
   */
  @IsOneOf(administrationRights)
  administer?: AdministrationRight;
  /** Whether it may send the same credentials in the header and in the form; no when left out, without a default as above. */
  @IsTrueOrFalse()
  lenient_authentication?: boolean;
  /** Additional information of every token that is issued to it, by name. */
  @IsMappingOfEntries()
  additional_information: ReadonlyMap<string, TextEntry> = new Map();
  /** Request parameters that are copied into the additional information. */
  @IsListOf(form(isCopyableParameter, 'must be a name that no OAuth parameter has'))
  additional_parameters: string[] = [];
  @IsMappingOfEntries()
  attributes: AttributesEntry = new Map();
  @IsTrueOrFalse()
  enabled = true;
  @IsOneOf(states)
  state: State = 'present';
}

export class RealmEntry {
  @Required()
  @Is(form(isRealmPath, 'must be / or a path of realm names like /alpha or /a/b'))
  name!: string;
  @IsWholeNumber(0, 2 ** 31 - 1)
  auth_level = 0;
  /** How user names that are presented are compared; `exact` when left out, without a default as `administer`. */
  @IsOneOf(usernameRules)
  usernames?: UsernameRule;
  /** How its pages look; without a default as `administer`. */
  @IsEntry()
  pages?: PagesEntry;
  @IsTrueOrFalse()
  enabled = true;
  @IsOneOf(states)
  state: State = 'present';
  @IsListOfEntries()
  clients: ClientEntry[] = [];
  @IsListOfEntries()
  users: UserEntry[] = [];
}

/** The whole file. */
export class FileEntry {
  @Required()
  @IsListOfEntries()
  realms!: RealmEntry[];
}

const entryKey = /^(?:realms\[\d+\](?:\.(?:(?:clients|users)\[\d+\]|pages))?)?$/;

/** Whether the mapping under a key has names of ours, as the whole file, a realm, its pages, a client or a user has. */
export function isEntryKey(key: string): boolean {
  return entryKey.test(key);
}

const typedKey =
  /^realms\[\d+\](?:\.(?:clients|users)\[\d+\])?\.(?:auth_level|(?:access|refresh)_token_(?:max_)?lifetime|lenient_authentication|insecure_redirect_uris|enabled)$/;

/** Whether the value under a key is a number or a boolean; all other values of the file are text. */
export function isTypedKey(key: string): boolean {
  return typedKey.test(key);
}
