import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newLearner, type Learner } from "./learner.ts";

/** What makes a program believe another time of day; undefined where faketime is not installed. The loader's own variable names it for any libc. */
const preload = await execa("faketime", ["-m", "-f", "+0", "sh", "-c", 'printf %s "$LD_PRELOAD"'])
  .then(({ stdout }) => stdout)
  .catch(() => undefined);

test.runIf(process.env["CI"] === "true" && process.platform === "linux")(
  "CI has faketime for the test of clocks",
  () => {
    expect(preload).toBeDefined();
  },
);

const repaired = [
  "FROM labs/debian:13",
  "COPY --from=labs/go-app:v1 /app /app",
  "ENV PORT=8080",
  "EXPOSE 8080",
  "WORKDIR /srv",
  "USER 65532:65532",
  'ENTRYPOINT ["/app"]',
  'CMD ["serve"]',
];

describe("a right repair, while time is out of joint", { timeout: 300_000 }, () => {
  let me: Learner;

  /** Runs verify, and does something as soon as its experiment has begun. */
  async function verifyWhile(act: (pid: number) => Promise<unknown>, env: Readonly<Record<string, string>> = {}) {
    const options = { env: { ...me.env, ...env }, reject: false, cwd: me.home, stdin: "ignore" } as const;
    const child = execa(inject("labsBin"), ["verify"], options);
    let acting: Promise<unknown> | undefined;
    child.stderr.on("data", (chunk: Buffer) => {
      if (String(chunk).includes("experiment deployment")) acting ??= act(child.pid ?? 0);
    });
    const ended = await child;
    expect(acting, "the experiment was seen").toBeDefined();
    await acting;
    return ended;
  }

  beforeAll(async () => {
    me = await newLearner();
    expect(await me.labs("start", "shell-form-sigterm")).toMatchObject({ exitCode: 0 });
    await writeFile(join(me.state, "workspace", "Dockerfile"), `${repaired.join("\n")}\n`);
  });
  afterAll(() => me.leave());

  test("passes when the program is stopped in the middle of an experiment, which is measured again", async () => {
    // Longer than the lab gives a container to end; into the middle of it, where this machine is quick.
    const script = 'sleep 5; kill -STOP "$1"; sleep 12; kill -CONT "$1"';
    const { exitCode, stdout, stderr } = await verifyWhile((pid) => execa("sh", ["-c", script, "sh", String(pid)]));
    expect(stdout).toMatch(/solved/i);
    expect(stderr).toMatch(/This program stood still for \d+ s; what it measured then was measured again/);
    expect(exitCode).toBe(0);
  });

  test.skipIf(preload === undefined)(
    "passes when the clock is set back by an hour meanwhile (needs faketime)",
    async () => {
      const offset = join(me.home, "offset");
      await writeFile(offset, "+0");
      const { exitCode, stdout } = await verifyWhile(() => writeFile(offset, "-1h"), {
        LD_PRELOAD: preload ?? "",
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        DONT_FAKE_MONOTONIC: "1",
        NO_FAKE_STAT: "1",
      });
      expect(stdout).toMatch(/solved/i);
      expect(exitCode).toBe(0);
    },
  );
});
