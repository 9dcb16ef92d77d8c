/**
 * A fake of which only the given parts exist: calling anything else throws and names the call, so that a test never reaches what it did not
 * list.
 */
export function strict<T extends object>(name: string, parts: Partial<T>): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a Partial<T> whose missing parts throw stands in for T
  return new Proxy(parts, {
    get(target, key) {
      if (Reflect.has(target, key)) return Reflect.get(target, key);
      // Awaiting or printing an object asks for these.
      if (typeof key === "symbol" || key === "then" || key === "toJSON" || key === "asymmetricMatch") return undefined;
      return (...args: unknown[]) => {
        throw new Error(`unexpected call ${name}.${key}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
      };
    },
  }) as T;
}
