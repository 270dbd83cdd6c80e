import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Receipt } from '../../api/types.ts';
import { Outcome } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { Time } from '../../components/Time.tsx';
import { erasedTexts } from '../../lib/erasure.ts';
import { NumberField } from './NumberField.tsx';

/** Erasure of one person's data, on their request. */
export function Erasure({ api }: { api: Api }) {
  const [text, setText] = useState('');
  const candidate = text.trim();
  return (
    <section class="card padded" aria-label="Erasure">
      <h3>Erase a candidate</h3>
      <p class="small muted">Everything that is stored about a person is erased: predictions, outcomes, and rows of files.</p>
      <div class="search">
        <NumberField id="erase" value={text} onText={setText} />
        <Operation
          dangerous
          action="Erase"
          title={`Erase candidate ${candidate}?`}
          disabled={candidate === ''}
          consequence={
            <p>
              Everything that is stored about candidate <strong>{candidate}</strong> is erased for good. This can't be undone.
            </p>
          }
          prompt={{ label: 'Repeat the candidate number', accepts: (again) => again.trim() === candidate }}
          run={async () => <ErasureReceipt receipt={await api.operator.erase(candidate)} />}
        />
      </div>
    </section>
  );
}

function ErasureReceipt({ receipt: { status, erased, backups, at } }: { receipt: Receipt }) {
  const texts = erasedTexts(erased);
  if (at && texts.length === 0) {
    return (
      <Outcome failed>
        <p>Nothing was stored under this number. Is it the right one?</p>
        <p class="small">From now on nothing will be stored under it.</p>
      </Outcome>
    );
  }
  return (
    <Outcome>
      {at ? (
        <p>
          Erased at <Time at={at} />:
        </p>
      ) : (
        <p>The erasure continues in the background. So far:</p>
      )}
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {Object.entries(backups).map(([table, until]) => (
        <p key={table} class="small">
          Backups of {table} hold it until <Time at={until} />.
        </p>
      ))}
      {status === 'RUNNING' && <p>Erase the same number again to see how far it is.</p>}
    </Outcome>
  );
}
