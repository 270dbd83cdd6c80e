import type { Api } from '../api/client.ts';
import type { Model } from '../api/types.ts';
import { type Scale, UNKNOWN_SCALE } from '../lib/verdict.ts';
import { useLoaded } from './useLoaded.ts';

/** What the probabilities of a model version are compared with; known of the champion only. */
export function useScale(api: Api, version: string | null): Scale {
  const loaded = useLoaded<Scale>(
    async (signal) => {
      if (version === null) return UNKNOWN_SCALE;
      const champion = await api.champion(signal);
      return champion.version === version ? scaleOf(champion) : UNKNOWN_SCALE;
    },
    [api, version],
  );
  return loaded.status === 'ready' ? loaded.value : UNKNOWN_SCALE;
}

/** What a model is compared with: by its card, and its threshold as it was decided last. */
export function scaleOf({ threshold, card }: Model): Scale {
  const { rows, positives } = (card.data ?? {}) as Record<string, unknown>;
  return {
    threshold,
    average: typeof rows === 'number' && typeof positives === 'number' ? positives / rows : null,
  };
}
