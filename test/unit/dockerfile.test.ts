import { describe, expect, it } from "vitest";
import { dockerfileImages, labelStages } from "../../src/lab/read/dockerfile.ts";

const images = (text: string, path = "Dockerfile") =>
  dockerfileImages(new Map([[path, Buffer.from(text)]])).map(({ image }) => image);

describe("images of a Dockerfile", () => {
  it("are what it starts from and copies out of, without its own stages", () => {
    const text = [
      "# FROM commented:1",
      "FROM --platform=linux/amd64 labs/golang:1.26 AS Build",
      "RUN echo \\",
      "  FROM inside:1",
      "from labs/debian:13 as base",
      "FROM build AS again",
      "FROM scratch",
      "COPY --chown=1:1 --from=labs/go-app:v1 /app /app",
      "COPY --from=build /x /x",
      "COPY --from=0 /y /y",
      "COPY a b",
    ].join("\n");
    expect(images(text)).toEqual(["labs/golang:1.26", "labs/debian:13", "labs/go-app:v1"]);
  });

  it("are those of Dockerfiles only", () => {
    expect(images("FROM a:1", "api/Dockerfile")).toEqual(["a:1"]);
    expect(images("FROM a:1", "api/dev.Dockerfile")).toEqual(["a:1"]);
    expect(images("FROM a:1", "notes.txt")).toEqual([]);
  });
});

describe("labels", () => {
  it("go on every stage, and into nothing else", () => {
    const text = "FROM a:1 \\\n  AS b\nRUN <<EOF\nFROM in:1\nEOF\nRUN x\nFROM scratch\nCOPY --from=b /x /x";
    expect(labelStages(text, { "dev.labs.sandbox": "labs-abc123" })).toBe(
      [
        "FROM a:1 \\",
        "  AS b",
        'LABEL "dev.labs.sandbox"="labs-abc123"',
        "RUN <<EOF",
        "FROM in:1",
        "EOF",
        "RUN x",
        "FROM scratch",
        'LABEL "dev.labs.sandbox"="labs-abc123"',
        "COPY --from=b /x /x",
      ].join("\n"),
    );
  });
});
