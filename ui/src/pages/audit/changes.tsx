/** The changes of an event: members with what they were and what they are. */
export function Changes({ changes }: { readonly changes: Readonly<Record<string, unknown>> }) {
  const members = Object.entries(changes);
  if (members.length === 0) return null;
  if (members.length === 1) return <Change name={members[0][0]} change={members[0][1]} />;
  return (
    <details>
      <summary data-row>{members.length} members</summary>
      <ul class="changes">
        {members.map(([name, change]) => (
          <li key={name}>
            <Change name={name} change={change} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Change({ name, change }: { readonly name: string; readonly change: unknown }) {
  if (!isChange(change)) {
    return (
      <>
        {name}: <code>{text(change)}</code>
      </>
    );
  }
  return (
    <>
      {name}:{' '}
      {'old' in change && (
        <>
          <del>{text(change.old)}</del> →{' '}
        </>
      )}
      <ins>{text(change.new)}</ins>
    </>
  );
}

function isChange(change: unknown): change is { readonly old?: unknown; readonly new: unknown } {
  return typeof change === 'object' && change !== null && 'new' in change;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
