import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { useSession } from '../../session/session.js';

interface RevocationProps {
  /** Of an access token, which can end alone. */
  readonly id?: string;
  /** Of the tokens of its sign-in, if it has one. */
  readonly family?: string;
  readonly onDone: () => void;
}

/** What is ended. */
interface Ending {
  readonly title: string;
  readonly says: string;
  readonly body: Readonly<Record<string, string>>;
}

/** Ends a token, or all tokens of its sign-in. */
export function Revocation({ id, family, onDone }: RevocationProps) {
  const { api } = useSession();
  const [ending, setEnding] = useState<Ending>();
  const act = async ({ body }: Ending) => {
    await api.send({ method: 'POST', path: '/admin/v1/tokens/revoke', body });
    setEnding(undefined);
    onDone();
  };
  return (
    <p class="actions">
      {endingsOf(id, family).map((one) => (
        <button key={one.title} type="button" onClick={() => setEnding(one)}>
          {one.title}
        </button>
      ))}
      {ending && <ConfirmDialog {...ending} act={() => act(ending)} onClose={() => setEnding(undefined)} />}
    </p>
  );
}

function endingsOf(id: string | undefined, family: string | undefined): readonly Ending[] {
  const endings: Ending[] = [];
  if (id !== undefined) {
    endings.push({ title: 'End this token', says: 'It ends now. Others stay.', body: { id } });
  }
  if (family !== undefined) {
    const says = 'All tokens that came of this sign-in end now, refresh tokens too.';
    endings.push({ title: 'End its sign-in', says, body: { family } });
  }
  return endings;
}
