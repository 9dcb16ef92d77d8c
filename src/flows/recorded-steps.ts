import type { Runtime } from "../runtime.ts";
import { logEvent } from "../session/event-log.ts";
import type { EventOf } from "../session/events.ts";
import type { Session } from "../session/session.ts";
import type { Progress } from "../ui/progress.ts";
import type { Step } from "../ui/steps.ts";

/** The same steps, each of which writes into the session's journal when it begins and how it ends. */
export function recordedSteps(
  rt: Runtime,
  session: Pick<Session, "id" | "lab">,
  flow: EventOf<"step">["flow"],
  progress: Pick<Progress, "event">,
  steps: readonly Step[],
): Step[] {
  return steps.map((step) => {
    const record = async (state: EventOf<"step">["state"], since?: number): Promise<void> => {
      const ms = since === undefined ? {} : { ms: Math.round(rt.clock.elapsed() - since) };
      const event = { type: "step", flow, step: step.title, state, ...ms } as const;
      progress.event(event);
      await logEvent(rt, session, event);
    };
    return {
      title: step.title,
      skip: async () => {
        const why = (await step.skip?.()) ?? false;
        if (why !== false) await record("skipped");
        return why;
      },
      run: async (handle) => {
        const since = rt.clock.elapsed();
        await record("begun");
        try {
          await step.run(handle);
        } catch (error) {
          await record("failed", since).catch(() => undefined);
          throw error;
        }
        await record("ended", since);
      },
    };
  });
}
