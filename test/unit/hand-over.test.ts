import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/verify/verify-context.ts";
import { firstParagraph, handOver, handOverJson } from "../../src/report/hand-over.ts";
import { eventText } from "../../src/report/verify-progress.ts";
import { textWidth, wrap } from "../../src/lib/text.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";
import { strict } from "../fakes/strict.ts";

const lab = fakeLab({ story: "# Probes storm\n\nSince the last\nrelease, pods restart.\n\nMore.", values: {} });

function handed(containers: readonly string[], provider: "kind" | "docker") {
  const session = fakeSession({ sandbox: { provider, name: "labs-abc123" } });
  const observation = { outcome: "pass" as const, expected: "2", observed: "pod/payments-1 restarted 3 times" };
  return { lab, session, containers, symptom: [{ title: "Pods restart", observation }], steps: { "Hand over": 12 } };
}

describe("wrapped text", () => {
  it("breaks at spaces, counts the indent, and leaves long words whole", () => {
    expect(wrap("- one two three", 9, "  ")).toBe("- one two\n  three");
    expect(wrap("aa bb cc", 5, "  ")).toBe("aa bb\n  cc");
    expect(wrap("aa bb cc", 4, "  ")).toBe("aa\n  bb\n  cc");
    expect(wrap("see https://example.org/long now", 10)).toBe("see\nhttps://example.org/long\nnow");
    expect(wrap("  one\n\n two ", 80)).toBe("one two");
    expect(wrap("", 80)).toBe("");
  });

  it("is as wide as the terminal, 100 at most", () => {
    expect([60, 100, 250].map((columns) => textWidth({ columns }))).toEqual([60, 100, 100]);
  });
});

describe("hand-over", () => {
  it("tells the story, what can be seen, and commands that work as printed", () => {
    const rt = fakeRuntime({ program: "npm run labs --", out: fakeSink({ columns: 30 }) });
    expect(handOver(rt, handed([], "kind"))).toBe(
      [
        "",
        "Probes storm",
        "",
        "Since the last release, pods",
        "restart.",
        "",
        "What can be seen now:",
        "- Pods restart: pod/payments-1",
        "  restarted 3 times",
        "",
        "Next:",
        "  npm run labs -- shell    a shell in which kubectl and docker see the lab",
        "  npm run labs -- verify   find out whether it is repaired",
        "  npm run labs -- hint     when you are stuck",
        "",
        "",
      ].join("\n"),
    );
  });

  it("has the docker run lines of containers", () => {
    expect(handOver(fakeRuntime(), handed(["docker run a", "docker run b"], "docker"))).toContain(
      "\n\nHow the containers were started:\n  docker run a\n  docker run b\n\nNext:",
    );
  });

  it("is data with --json, with our kubeconfig only where there is a cluster", () => {
    const rt = fakeRuntime();
    const parse = (provider: "kind" | "docker"): unknown =>
      JSON.parse(handOverJson(rt, handed(["docker run a"], provider)));
    expect(parse("kind")).toEqual({
      lab: "probes-storm",
      seed: "seed",
      sandbox: { provider: "kind", name: "labs-abc123", kubeconfig: rt.paths.kubeconfig },
      symptom: [{ title: "Pods restart", observed: "pod/payments-1 restarted 3 times" }],
      containers: ["docker run a"],
      workspace: null,
      steps: { "Hand over": 12 },
    });
    expect(parse("docker")).toMatchObject({ sandbox: { kubeconfig: null } });
  });

  it("is content with a story that is empty or only a heading", () => {
    expect(["", "# Title", "# Title\n\n\n  Text "].map(firstParagraph)).toEqual(["", "", "Text"]);
  });
});

it("the progress of a verify names the check or experiment, and is silent about ends", () => {
  const result = strict<CheckResult>("result", {});
  const texts = [
    eventText({ type: "check-started", id: "drains", title: "Nodes drain" }),
    eventText({ type: "check-looked", id: "drains", text: "429 from the budget" }),
    eventText({ type: "check-ended", result }),
    eventText({ type: "experiment-started", experiment: "upgrade" }),
    eventText({ type: "experiment-progress", experiment: "upgrade", text: "draining" }),
    eventText({ type: "experiment-ended", experiment: "upgrade", ms: 3 }),
  ];
  expect(texts).toEqual([
    "Nodes drain",
    "drains: 429 from the budget",
    "",
    "experiment upgrade",
    "experiment upgrade: draining",
    "",
  ]);
});
