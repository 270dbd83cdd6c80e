/** Runs tasks in the order in which they come, at most `size` of them at a time. */
export function pool(size: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let free = size;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
