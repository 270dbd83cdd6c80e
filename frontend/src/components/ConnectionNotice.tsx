import type { Api } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';

/** Says that the connection is lost while it is; what was cut is tried again once it is back. */
export function ConnectionNotice({ api }: { api: Api }) {
  const lost = useConnection(api.alive);
  return (
    <div role="status">
      {lost && (
        <p class="connection">
          No connection to the service. Nothing is lost; this page goes on by itself as soon as it is back.
        </p>
      )}
    </div>
  );
}
