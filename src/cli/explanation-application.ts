import type { Config } from '../config/config.js';
import type { Explanation, Question } from '../domain/explanation.js';
import { rootRealm } from '../domain/realm.js';
import { RefusalExplainer, type RefusalExplanation } from '../domain/refusal-explainer.js';
import { TokenCodec } from '../domain/token-codec.js';
import { TokenExplainer } from '../domain/token-explainer.js';
import { commandConfig, type Context, inApplication, refuseMemory, sayWhichDatabase } from './application.js';

/**
 * Explains a token of the database that the environment names.
 * @throws CommandError
 */
export async function explainToken(question: Question): Promise<Explanation> {
  const config = commandConfig();
  refuseMemory(config, 'explained');
  return explaining(config, (context) => context.get(TokenExplainer).explain(question));
}

/**
 * Explains the refusal with this correlation id; undefined when there is none. A token that is kept in a server's
 * memory is left out.
 * @throws CommandError
 */
export async function explainRefusal(id: string): Promise<RefusalExplanation | undefined> {
  const config = commandConfig();
  const explanation = await explaining(config, (context) =>
    context.get(RefusalExplainer).explain(id, rootRealm),
  );
  return explanation && config.tokenStore === 'memory' ? { ...explanation, token: undefined } : explanation;
}

function explaining<Result>(config: Config, work: (context: Context) => Promise<Result>): Promise<Result> {
  return inApplication(config, async (context) => {
    sayWhichDatabase(config);
    // Without the keys a forged token cannot be told from one that was never issued.
    await context.get(TokenCodec).reload();
    return work(context);
  });
}
