import type { ListedModel } from '../../api/types.ts';
import { Pill, type PillKind } from '../../components/Pill.tsx';
import { humanize } from '../../lib/format.ts';

const ROLE_PILLS: Record<NonNullable<ListedModel['role']>, PillKind> = {
  champion: 'ok',
  challenger: 'likely',
  previous: 'unlikely',
};

export function RolePill({ role }: { role: ListedModel['role'] | null }) {
  return role ? <Pill kind={ROLE_PILLS[role]}>{humanize(role)}</Pill> : <span class="missing">–</span>;
}

export function StatusPill({ status }: { status: ListedModel['status'] }) {
  return <Pill kind={status === 'PASSED' ? 'ok' : 'critical'}>{humanize(status)}</Pill>;
}
