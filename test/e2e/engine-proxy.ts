import { connect, createServer, type Socket } from "node:net";

/** A second way to the engine that can be cut, as if the engine had died. */
export interface EngineProxy {
  /** What DOCKER_HOST has to say to go through it. */
  readonly host: string;
  /** Cuts every connection and takes no more. */
  die(): void;
}

/** Opens a socket at `path` that leads to the engine of this machine. */
export async function engineProxy(path: string): Promise<EngineProxy> {
  const sockets = new Set<Socket>();
  const engine = process.env["DOCKER_HOST"]?.replace(/^unix:\/\//, "") ?? "/var/run/docker.sock";
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: engine, allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // A cut connection is what this is for.
      socket.on("error", () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return {
    host: `unix://${path}`,
    die: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
