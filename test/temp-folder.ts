import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One temporary folder for everything that tests make, removed at the end: a test that fails leaves nothing either. */
export default function tempFolder(): () => void {
  const outside = process.env["TMPDIR"];
  const dir = mkdtempSync(join(tmpdir(), "labs-tests-"));
  process.env["TMPDIR"] = dir;
  return () => {
    rmSync(dir, { recursive: true, force: true });
    if (outside === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = outside;
  };
}
