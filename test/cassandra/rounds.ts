/** How often a race is run; `npm run test:reliability` sets TEST_ROUNDS. */
export const rounds = Number(process.env.TEST_ROUNDS ?? 10);

/** How long a test may take that runs so many rounds, in milliseconds. */
export const roundsTimeoutMs = 30_000 + rounds * 1_000;
