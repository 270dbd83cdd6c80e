import { pool } from '../../lib/pool.ts';

/** One call at a time: those of the view's lower half shall not hold up what stands above. */
export const inTurn = pool(1);
