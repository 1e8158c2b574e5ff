import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { AccessTokenStore } from '../domain/access-token.js';
import { AuditLog } from '../domain/audit.js';
import { Clock } from '../domain/clock.js';
import { DialectPresenters } from '../domain/explanation.js';
import { InactiveCauses } from '../domain/inactive-cause.js';
import { RefusalExplainer } from '../domain/refusal-explainer.js';
import { RefusalLog } from '../domain/refusal.js';
import { StoredTokens } from '../domain/stored-token.js';
import { TokenChecker } from '../domain/token-checker.js';
import { TokenCodec } from '../domain/token-codec.js';
import { TokenExplainer } from '../domain/token-explainer.js';
import { TokenRecords } from '../domain/token-record.js';
import { Issuer } from '../http/metadata/issuer.js';
import { PostgresDirectory } from '../storage/postgres/directory.js';
import { HttpDialectPresenters } from './dialect-answers.js';
import { construct, provide } from './providers.js';

/** What explains tokens and refusals. It reads the directory without a cache, and compares a server's cache with it. */
export function explanationProviders(config: Config, log: Logger): FactoryProvider[] {
  const cached = config.cache.entries > 0;
  return [
    provide(DialectPresenters, [Issuer], (issuer) => new HttpDialectPresenters(config, issuer, log)),
    construct(InactiveCauses, TokenRecords, AuditLog),
    provide(
      StoredTokens,
      [TokenRecords, PostgresDirectory, Clock],
      (records, directory, clock) => new StoredTokens(records, directory, new TokenChecker(directory, clock)),
    ),
    provide(
      TokenExplainer,
      [
        StoredTokens,
        InactiveCauses,
        PostgresDirectory,
        TokenCodec,
        Clock,
        DialectPresenters,
        AccessTokenStore,
        TokenChecker,
      ],
      (tokens, causes, directory, codec, clock, dialects, accessTokens, checker) => {
        const node = cached ? { accessTokens, checker } : undefined;
        return new TokenExplainer(tokens, causes, directory, codec, clock, dialects, node);
      },
    ),
    construct(RefusalExplainer, RefusalLog, TokenExplainer),
  ];
}
