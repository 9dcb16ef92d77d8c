import { describe, expect, it } from "vitest";
import { envRecord, nanoCpusOf } from "../../src/docker/container-state.ts";
import { createOptions } from "../../src/docker/create-options.ts";
import { demux } from "../../src/docker/output.ts";

function frame(stream: number, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

describe("nanoCpusOf", () => {
  it.each([
    ["no limit", {}, 0],
    ["--cpus", { NanoCpus: 1_500_000_000, CpuQuota: 0, CpuPeriod: 0 }, 1_500_000_000],
    ["--cpu-quota with its period", { NanoCpus: 0, CpuQuota: 25_000, CpuPeriod: 50_000 }, 500_000_000],
    ["--cpu-quota with the default period", { CpuQuota: 200_000, CpuPeriod: 0 }, 2_000_000_000],
    ["an unlimited quota", { CpuQuota: -1, CpuPeriod: 100_000 }, 0],
  ])("reads %s", (_name, host, nanoCpus) => {
    expect(nanoCpusOf(host)).toBe(nanoCpus);
  });
});

describe("envRecord", () => {
  it("splits at the first equals sign", () => {
    expect(envRecord(["A=1=2", "B=", "C"])).toEqual({ A: "1=2", B: "", C: "" });
    expect(envRecord(null)).toEqual({});
  });
});

describe("createOptions", () => {
  it("leaves to the image what the spec does not say", () => {
    const options = createOptions({ name: "a", image: "i" });
    expect(options).toEqual({
      name: "a",
      Image: "i",
      Env: [],
      Labels: {},
      HostConfig: { RestartPolicy: { Name: "no" } },
    });
  });

  it("puts limits, network and aliases where the engine wants them", () => {
    const spec = {
      name: "a",
      image: "i",
      network: "n",
      aliases: ["web"],
      cpus: 0.25,
      memoryBytes: 1024,
      env: { A: "x y" },
    };
    expect(createOptions(spec)).toMatchObject({
      Env: ["A=x y"],
      HostConfig: { NanoCpus: 250_000_000, Memory: 1024, NetworkMode: "n" },
      NetworkingConfig: { EndpointsConfig: { n: { Aliases: ["web"] } } },
    });
  });
});

describe("demux", () => {
  it("tells the streams apart and keeps their order", () => {
    const bytes = Buffer.concat([frame(1, "a\n"), frame(2, "b\n"), frame(1, "c\n")]);
    expect(demux(bytes)).toEqual({ stdout: "a\nc\n", stderr: "b\n", both: "a\nb\nc\n" });
  });

  it("joins a character that two frames share", () => {
    const euro = Buffer.from("€");
    const bytes = Buffer.concat([frame(1, euro.subarray(0, 1)), frame(1, euro.subarray(1))]);
    expect(demux(bytes).stdout).toBe("€");
  });

  it("keeps what came of a cut frame", () => {
    expect(demux(frame(1, "hello").subarray(0, 10)).stdout).toBe("he");
  });
});
