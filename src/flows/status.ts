import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { readEvents } from "../session/event-log.ts";
import { type History, historyOf } from "../session/history.ts";
import type { Session } from "../session/session.ts";
import { workspaceDir } from "../session/workspace.ts";
import type { Progress } from "../ui/progress.ts";
import { undoInterrupted } from "./at-work.ts";
import { expectSession } from "./find-session.ts";

/** The lab that runs. */
export interface Status {
  readonly session: Session;
  readonly history: History;
  /** Its sandbox is there, running or not. */
  readonly present: boolean;
  /** The folder with the learner's files, for labs that have any. */
  readonly workspace: string | undefined;
}

/** Which lab runs, and what became of it; exit 4 without one. */
export async function readStatus(rt: Runtime, progress: Progress): Promise<Status> {
  const session = await expectSession(rt, progress);
  await undoInterrupted(rt, session, progress);
  const names = await (await providerOf(session.sandbox.provider)).list(rt, "home");
  return {
    session,
    history: historyOf(await readEvents(rt, session)),
    present: names.includes(session.sandbox.name),
    workspace: session.workspace === undefined ? undefined : workspaceDir(rt),
  };
}
