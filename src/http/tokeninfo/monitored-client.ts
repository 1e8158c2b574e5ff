import { OAuthError } from '../../domain/oauth-error.js';
import type { Inspection } from '../../domain/token.service.js';
import type { Reply } from '../response/reply.js';
import { compileSelector } from './axway/selectors/selector.js';
import type { SelectorRequest } from './axway/selectors/selector-http.js';
import { answerScope, type SelectorEnvironment } from './axway/selectors/selector-scope.js';

/**
 * Axway's *which attribute is used to identify the client*, where it is a selector: it is evaluated for each answer
 * about an active token.
 */
export abstract class MonitoredClient {
  /** The reply with the selector's text in its details; the reply itself where there is nothing to add. */
  abstract noted(
    reply: Reply,
    inspection: Inspection,
    asked: SelectorRequest & { readonly token: string | undefined },
  ): Reply;
}

/** For a setting that is no selector: observers find the client in the details of every answer. */
export const noMonitoredClient: MonitoredClient = { noted: (reply) => reply };

/**
 * @param env what `${env.NAME}` may read
 * @throws SelectorError for a selector that does not compile
 */
export function monitoredClient(text: string, env: SelectorEnvironment): MonitoredClient {
  const selector = compileSelector(text);
  return {
    noted(reply, inspection, { view, form, token = '' }) {
      if (inspection.status !== 'active') return reply;
      const scope = answerScope({ view, form, presented: token, active: inspection }, env);
      return {
        ...reply,
        details: { ...reply.details, selectedClient: evaluated(() => selector.evaluate(scope).text) },
      };
    },
  };
}

/** A selector must not change the answer: where it reads a parameter that cannot be read, the client is nobody. */
function evaluated(evaluate: () => string): string {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof OAuthError) return '';
    throw error;
  }
}
