import { describe, expect, it } from "vitest";
import { agentSend } from "../../src/sandbox/docker/agent.ts";
import { fakeDocker } from "../fakes/docker.ts";

function answering(stdout: string, exitCode = 0, stderr = "") {
  const calls: { argv: string; timeoutMs: number | undefined }[] = [];
  const docker = fakeDocker([], {
    exec: async (name, argv, options) => {
      calls.push({ argv: [name, ...argv].join(" "), timeoutMs: options?.timeoutMs });
      return { exitCode, stdout, stderr };
    },
  });
  return { calls, send: agentSend(docker, "labs-abc123-agent", "s3cret") };
}

describe("the way to a Docker sandbox's agent", () => {
  it("is its own probe role, inside its container", async () => {
    const { calls, send } = answering('{"status":201,"body":"{}\\n","error":"","kind":"ok","ms":1}');
    const answer = await send("POST", "/runs", { body: { id: "a'b" }, timeoutMs: 2000 });
    expect(answer).toEqual({ status: 201, text: "{}\n" });
    expect(calls).toEqual([
      {
        argv:
          "labs-abc123-agent /app probe --json --header X-Lab-Token=s3cret --method POST --timeout 2000ms" +
          ` --body {"id":"a'b"} http://127.0.0.1:9092/runs`,
        timeoutMs: 12_000,
      },
    ]);
  });

  it("passes on a status that the agent refused with", async () => {
    const { send } = answering('{"status":404,"body":"no run","error":"status 404","kind":"status","ms":1}', 1);
    await expect(send("GET", "/runs/x", { timeoutMs: 1 })).resolves.toEqual({ status: 404, text: "no run" });
  });

  it("throws when the agent does not answer", async () => {
    const { send } = answering('{"status":0,"body":"","error":"connection refused","kind":"refused","ms":1}', 1);
    await expect(send("GET", "/livez", { timeoutMs: 1 })).rejects.toMatchObject({
      exitCode: 3,
      message: "the load agent labs-abc123-agent does not answer: connection refused",
    });
  });

  it("throws what was printed when it is no answer", async () => {
    const { send } = answering("", 126, "no such file /app");
    await expect(send("GET", "/livez", { timeoutMs: 1 })).rejects.toThrow("(exit code 126): no such file /app");
  });
});
