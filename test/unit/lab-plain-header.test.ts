import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { plainHeader } from "../../src/lab/read/header.ts";
import { labYaml } from "../fakes/lab-folder.ts";

describe("the header without a YAML parser", () => {
  it("is what the parser reads", () => {
    const { title, summary, level, minutes, topics } = parse(labYaml);
    expect(plainHeader("x", labYaml)).toEqual({ id: "x", title, summary, level, minutes, topics, workers: 0 });
    const other = labYaml
      .replace("{ kind: { workers: 0 } }", "{ docker: {} }")
      .replace("The web does not answer.", "At 10:30 it's slow, #1 of many: really");
    expect(plainHeader("x", other)).toBeUndefined();
    const unusual = other.replace("many: really", "many");
    expect(plainHeader("x", unusual.replace(", #1", ", n#1"))).toMatchObject({
      summary: parse(unusual.replace(", #1", ", n#1")).summary,
    });
  });

  it.each([
    ["quotes", "title: Quiet web", 'title: "Quiet web"'],
    ["a comment", "title: Quiet web", "title: Quiet web # so it is"],
    ["a second line", "title: Quiet web", "title: Quiet web\n  and more"],
    ["a folded text", "summary: The web", "summary: >-\n  The web"],
    ["an empty line before more", "title: Quiet web", "title: Quiet web\n\n  and more"],
    ["a word that may be no text", "title: Quiet web", "title: true"],
    ["a key inside", "title: Quiet web", "title: Quiet: web"],
    ["a key twice", "title: Quiet web", "title: Quiet web\ntitle: Quiet web"],
    ["an anchor", "topics: [probes]", "topics: &t [probes]"],
    ["a topic that is no text", "topics: [probes]", "topics: [null]"],
    ["fresh", "workers: 0", "workers: 0, fresh: true"],
    ["other ends of line", "level: medium", "level: medium\r"],
    ["a second document", "title:", "---\ntitle:"],
  ])("is left to the parser with %s", (_what, from, to) => {
    expect(labYaml).toContain(from);
    expect(plainHeader("x", labYaml.replace(from, to))).toBeUndefined();
  });
});
