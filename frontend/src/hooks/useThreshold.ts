import type { Api } from '../api/client.ts';
import { useLoaded } from './useLoaded.ts';

/** The probability from which a model version counts a candidate as looking; null unless it is the champion. */
export function useThreshold(api: Api, version: string | null): number | null {
  const champion = useLoaded((signal) => api.champion(signal), [api, version]);
  if (champion.status !== 'ready' || champion.value.version !== version) return null;
  return champion.value.threshold;
}
