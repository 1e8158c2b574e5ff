/** How many statements of one act are under way at once. */
const atOnce = 32;

/**
 * Does some work for each item, for a few at the same time, and collects the results in the items' order. After a failure
 * no more work is begun.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let failed = false;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      try {
        // Each of them takes the next item from the same iterator.
        for (const [index, item] of left) {
          if (failed) return;
          results[index] = await work(item);
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    }),
  );
  return results;
}
