import { readFileSync, writeFileSync } from 'node:fs';

/** Everything behind this line of the page is written by a run. */
const marker = '<!-- results: written by `npm run bench -- --docs` -->';

/**
 * Writes a run's report into the page about benchmarks.
 * @param report as it was printed
 * @param when the run began, as an ISO 8601 time
 * @throws Error when the page has no marker
 */
export function writeResults(page: string, report: string, when: string): void {
  const text = readFileSync(page, 'utf8');
  const end = text.indexOf(marker);
  if (end < 0) throw new Error(`${page} has no line ${marker}`);
  const results = `${marker}\n\n## Results of ${when.slice(0, 10)}\n\n\`\`\`text\n${report.trim()}\n\`\`\`\n`;
  writeFileSync(page, text.slice(0, end) + results);
}
