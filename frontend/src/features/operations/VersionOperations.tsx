import type { Api } from '../../api/client.ts';
import type { ListedModel } from '../../api/types.ts';
import { Outcome } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import './VersionOperations.css';

/** What an operator can do with one version. */
export function VersionOperations({ api, version, onDone }: { api: Api; version: ListedModel; onDone: () => void }) {
  const { version: name, role, status, gates } = version;
  const inUse = role === 'champion';
  const failed = status === 'FAILED';
  return (
    <span class="actions">
      <Operation
        action="Promote"
        disabled={inUse}
        title={`Promote ${name}?`}
        consequence={
          <>
            <p>This version makes every prediction from now on. The current champion becomes the previous one.</p>
            {failed && (
              <p>
                It has failed: {gates.filter(({ passed }) => !passed).map(({ sentence }) => sentence).join(' ')} To promote
                it anyway, say why; the reason is recorded.
              </p>
            )}
          </>
        }
        {...(failed ? { prompt: { label: 'Reason for promoting it anyway', accepts: (text) => text.trim() !== '' } } : {})}
        run={async (reason) => {
          await api.operator.promote(name, failed ? reason : null);
          return <Outcome>{name} is the champion now.</Outcome>;
        }}
        onDone={onDone}
      />
      {role === 'challenger' ? (
        <Operation
          action="Withdraw"
          title={`Withdraw the challenger ${name}?`}
          consequence={<p>It no longer scores in the shadow. What it has scored stays stored.</p>}
          run={async () => {
            await api.operator.removeChallenger();
            return <Outcome>There is no challenger now.</Outcome>;
          }}
          onDone={onDone}
        />
      ) : (
        <Operation
          action="Challenge"
          disabled={inUse}
          title={`Let ${name} challenge the champion?`}
          consequence={<p>It scores what the champion scores, in the shadow: its answers are compared, but shown to nobody.</p>}
          run={async () => {
            await api.operator.setChallenger(name);
            return <Outcome>{name} is the challenger now.</Outcome>;
          }}
          onDone={onDone}
        />
      )}
    </span>
  );
}
