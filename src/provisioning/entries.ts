import { IsArray, IsBoolean, IsDefined } from 'class-validator';
import { isCopyableParameter } from '../domain/additional-information.js';
import type { IntrospectionRight, RefreshPolicy } from '../domain/client.js';
import { type GrantType, grantTypes } from '../domain/grant-type.js';
import { isRealmPath } from '../domain/realm.js';
import { isScopeToken } from '../domain/scope.js';
import { isPasswordHash, isSecretHash } from '../domain/secret.js';
import {
  clearSecret,
  form,
  Is,
  IsAttributes,
  IsListOf,
  IsTexts,
  line,
  oneOf,
  text,
  wholeNumber,
} from './checks.js';

// The entries of the file, by its own key names (those of RFC 7591 where it has them). Every field is an own
// property from the start, be it undefined: a new entry's properties are the keys that the file may give.

export type State = 'present' | 'absent';

export type AttributesEntry = ReadonlyMap<string, string | readonly string[]>;

const required = { message: 'is missing' };
const list = { message: 'must be a list' };
const boolean = { message: 'must be true or false' };
const successors: readonly RefreshPolicy['successor'][] = ['new', 'none', 'preserve'];
const introspectionRights: readonly IntrospectionRight[] = ['own', 'realm', 'all'];
const states: readonly State[] = ['present', 'absent'];
const year = 365 * 24 * 3600;

const grantType = oneOf(grantTypes);
const scopeToken = form(isScopeToken, 'must be a scope token (RFC 6749 §3.3)');
const realmPath = form(isRealmPath, 'must be / or a path of realm names like /alpha or /a/b');
const passwordHash = form(isPasswordHash, 'must be an argon2id hash');
const additionalParameter = form(isCopyableParameter, 'must be a name that no OAuth parameter has');
const secretHash = form(isSecretHash, 'must be an argon2id hash or sha256:…');

export class UserEntry {
  @IsDefined(required)
  @Is(line(255))
  username!: string;
  /** In clear; at most one of password and password_hash. */
  @Is(clearSecret)
  password?: string;
  @Is(passwordHash)
  password_hash?: string;
  @IsAttributes()
  attributes: AttributesEntry = new Map();
  @IsBoolean(boolean)
  enabled = true;
  @Is(oneOf(states))
  state: State = 'present';
}

export class ClientEntry {
  @IsDefined(required)
  @Is(line(255))
  client_id!: string;
  @Is(oneOf(['confidential', 'public']))
  client_type: 'confidential' | 'public' = 'confidential';
  /** In clear; at most one of client_secret and client_secret_hash, none for a public client. */
  @Is(clearSecret)
  client_secret?: string;
  @Is(secretHash)
  client_secret_hash?: string;
  @Is(text(255))
  client_name?: string;
  @Is(text(4096))
  description?: string;
  @Is(text(255))
  contact_email?: string;
  @Is(text(255))
  application?: string;
  @IsListOf(grantType)
  grant_types: GrantType[] = [];
  @IsListOf(scopeToken)
  scopes: string[] = [];
  /** A part of scopes. */
  @IsListOf(scopeToken)
  default_scopes: string[] = [];
  /** Seconds. */
  @Is(wholeNumber(2, year))
  access_token_lifetime = 3600;
  /** Seconds that a refresh token lives unused. */
  @Is(wholeNumber(2, year))
  refresh_token_lifetime = 43_200;
  /** Seconds that refresh tokens can follow one another. */
  @Is(wholeNumber(2, year))
  refresh_token_max_lifetime = 2_592_000;
  /** What takes a used refresh token's place. */
  @Is(oneOf(successors))
  refresh: RefreshPolicy['successor'] = 'new';
  /** Whether a retry of a refresh is refused, or forgiven within the leeway. */
  @Is(oneOf(['strict', 'graceful']))
  refresh_retry: 'strict' | 'graceful' = 'strict';
  /** Whose tokens it may introspect. */
  @Is(oneOf(introspectionRights))
  introspect: IntrospectionRight = 'own';
  /** What its tokens are issued with, by name. */
  @IsTexts()
  additional_information: ReadonlyMap<string, string> = new Map();
  /** Request parameters that are taken over into the additional information. */
  @IsListOf(additionalParameter)
  additional_parameters: string[] = [];
  @IsAttributes()
  attributes: AttributesEntry = new Map();
  @IsBoolean(boolean)
  enabled = true;
  @Is(oneOf(states))
  state: State = 'present';
}

export class RealmEntry {
  @IsDefined(required)
  @Is(realmPath)
  name!: string;
  @Is(wholeNumber(0, 2 ** 31 - 1))
  auth_level = 0;
  @IsBoolean(boolean)
  enabled = true;
  @Is(oneOf(states))
  state: State = 'present';
  @IsArray(list)
  clients: ClientEntry[] = [];
  @IsArray(list)
  users: UserEntry[] = [];
}

/** The whole file. */
export class FileEntry {
  @IsDefined(required)
  @IsArray(list)
  realms!: RealmEntry[];
}

const typedKey =
  /^realms\[\d+\](?:\.(?:clients|users)\[\d+\])?\.(?:auth_level|(?:access|refresh)_token_(?:max_)?lifetime|enabled)$/;

/** Whether the value under a key is a number or a boolean; all other values of the file are text. */
export function isTypedKey(key: string): boolean {
  return typedKey.test(key);
}
