/** Removes at most `atMost` of the tokens for which `over` is true, and returns how many it removed. */
export function remove<Token>(
  tokens: Map<string, Token>,
  over: (token: Token) => boolean,
  atMost = Infinity,
): number {
  let removed = 0;
  for (const [key, token] of tokens) {
    if (removed >= atMost) break;
    if (!over(token)) continue;
    tokens.delete(key);
    removed += 1;
  }
  return removed;
}
