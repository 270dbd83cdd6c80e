import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Receipt } from '../../api/types.ts';
import { Facts } from '../../components/Facts.tsx';
import { Outcome } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { Time } from '../../components/Time.tsx';
import { humanize, integer } from '../../lib/format.ts';

/** Erasure of one person's data, on their request. */
export function Erasure({ api }: { api: Api }) {
  const [text, setText] = useState('');
  const candidate = text.trim();
  return (
    <section class="card padded" aria-label="Erasure">
      <h3>Erase a candidate</h3>
      <p class="small muted">Everything that is stored about a person is erased: predictions, outcomes, and rows of files.</p>
      <div class="search">
        <div class="field">
          <label for="erase">Candidate number</label>
          <input
            id="erase"
            type="text"
            inputMode="numeric"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <Operation
          dangerous
          action="Erase"
          title={`Erase candidate ${candidate}?`}
          disabled={candidate === ''}
          consequence={
            <p>
              All that is stored of candidate <strong>{candidate}</strong> is erased for good. This can't be undone.
            </p>
          }
          prompt={{ label: 'The candidate number once more', accepts: (again) => again.trim() === candidate }}
          run={async () => <ErasureReceipt receipt={await api.operator.erase(candidate)} />}
        />
      </div>
    </section>
  );
}

function ErasureReceipt({ receipt: { status, erased, at } }: { receipt: Receipt }) {
  return (
    <Outcome>
      {at ? (
        <p>
          Erased at <Time at={at} />. This is the receipt:
        </p>
      ) : (
        <p>The erasure continues in the background. So far:</p>
      )}
      <Facts
        facts={Object.fromEntries(Object.entries(erased).map(([kind, number]) => [humanize(kind), integer(number)]))}
      />
      {status === 'RUNNING' && <p>Erase the same number again to see how far it is.</p>}
    </Outcome>
  );
}
