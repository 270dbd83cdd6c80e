import type { Api } from '../api/client.ts';
import { useConnection } from '../hooks/useConnection.ts';
import './ConnectionNotice.css';

/** Shown while the connection is lost; failed requests are retried by themselves when it is restored. */
export function ConnectionNotice({ api }: { api: Api }) {
  const lost = useConnection(api.health);
  return (
    <div role="status">
      {lost && (
        <p class="connection">
          No connection to the service. Nothing is lost; this page continues by itself as soon as the service is back.
        </p>
      )}
    </div>
  );
}
