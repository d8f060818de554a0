import { afterEach } from '@jest/globals';

/** Opens something for one test at a time; whatever was opened is closed when the test ends, also where it fails. */
export function closedAfterEach<A extends readonly unknown[], T extends { close(): Promise<void> }>(
  open: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let opened: T[] = [];
  afterEach(async () => {
    const ending = opened;
    opened = [];
    await Promise.all(ending.map((one) => one.close()));
  });
  return async (...args) => {
    const one = await open(...args);
    opened.push(one);
    return one;
  };
}
