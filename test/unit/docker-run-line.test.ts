import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { containerSpec } from "../../src/sandbox/docker/container-spec.ts";
import { dockerRunLine } from "../../src/sandbox/docker/docker-run-line.ts";
import { shellQuote } from "../../src/lib/shell-quote.ts";

const shop = {
  name: "shop",
  part: "base",
  image: "labs/go-app:v1",
  env: { GOMAXPROCS: "16" },
  args: ["serve"],
  cpus: 1,
  memoryBytes: 256 * 1024 * 1024,
} as const;

describe("the docker run line", () => {
  it("makes a lab's container, as it can be typed", () => {
    expect(dockerRunLine(containerSpec({ name: "labs-abc123" }, shop))).toBe(
      "docker run -d --name labs-abc123-shop --network labs-abc123 --network-alias shop --cpus 1 --memory 256m" +
        " -e GOMAXPROCS=16 labs/go-app:v1 serve",
    );
  });

  it("puts the rest of an entrypoint before the arguments", () => {
    const spec = { name: "a", image: "i", entrypoint: ["/app", "--quiet"], args: ["serve"] };
    expect(dockerRunLine(spec)).toBe("docker run -d --name a --entrypoint /app i --quiet serve");
  });

  it("writes memory that is no whole unit in bytes", () => {
    expect(dockerRunLine({ name: "a", image: "i", memoryBytes: 1025 })).toContain("--memory 1025b");
  });

  it.each(["it's", "$HOME `id`", 'a "b"', "", "a\nb", "*", "~", "A=b c"])("survives a shell: %j", (word) => {
    const echoed = execFileSync("sh", ["-c", `printf %s ${shellQuote(word)}`], { encoding: "utf8" });
    expect(echoed).toBe(word);
  });
});
