import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.js';

interface ShownSecretProps {
  readonly secret: string;
  readonly onClose: () => void;
}

/** A generated secret, which no answer will show again. */
export function ShownSecret({ secret, onClose }: ShownSecretProps) {
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // The browser forbids it: the secret is there to be selected.
      setCopied(false);
    }
  };
  return (
    <Dialog title="The client's secret" onClose={onClose}>
      <p>It is shown this once. Store it now.</p>
      <p>
        <code class="secret">{secret}</code>
      </p>
      <button type="button" class="primary" onClick={() => void copy()}>
        Copy
      </button>
      <p role="status">
        {copied === true && 'Copied.'}
        {copied === false && 'The browser does not let it be copied: select it.'}
      </p>
    </Dialog>
  );
}
