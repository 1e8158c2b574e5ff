/**
 * Loads what serves: Nest, TypeORM and what stands on them, which take as long to load as a database takes to start. One
 * after the other: where two imports load the same packages at once, Node 20 may run a module before one that it needs.
 */
export async function loadServer() {
  const { serve } = await import('./serve.js');
  const { listenForAdmin, takeFromPrimary } = await import('./admin-listener.js');
  return { serve, listenForAdmin, takeFromPrimary };
}
