const queues = new Map<string, Promise<unknown>>();

/** Runs work one piece after the other, in the order of the calls, among all in this process that name the same thing. */
export async function serially<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(name);
  const mine = before === undefined ? work() : before.then(work, work);
  queues.set(name, mine);
  try {
    return await mine;
  } finally {
    // Nobody has come behind it.
    if (queues.get(name) === mine) queues.delete(name);
  }
}
