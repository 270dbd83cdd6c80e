import type { Api } from '../api/client.ts';
import { useLoaded } from '../hooks/useLoaded.ts';

/** Which version is deployed, and the licences of what is in the page. */
export function Footer({ api }: { api: Api }) {
  const health = useLoaded(api.health, [api]);
  return (
    <footer class="foot">
      <span>Job Change{health.status === 'ready' && ` ${health.value.version}`}</span>
      <a href="./licences.txt">Licences</a>
    </footer>
  );
}
