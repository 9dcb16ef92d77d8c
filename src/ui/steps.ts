import { Listr, ListrLogger, type ListrRendererValue, ProcessOutput } from "listr2";
import type { Sink } from "../lib/sink.ts";
import { span } from "../lib/text.ts";
import type { Runtime } from "../runtime.ts";

/** What a running step may do: `note` shows a short text behind its title (which part, how long). */
export interface StepHandle {
  readonly note: (text: string) => void;
}

/** One named step of a longer piece of work. A step that throws ends the list. */
export interface Step {
  readonly title: string;
  /** A reason not to run it, shown behind the title; false runs it. */
  readonly skip?: () => Promise<string | false> | string | false;
  run(step: StepHandle): Promise<void>;
}

/** How long each step that was not skipped took, in milliseconds, by title. */
export type StepTimes = Readonly<Record<string, number>>;

/** Runs steps one after the other and shows them somewhere. */
export type RunSteps = (steps: readonly Step[]) => Promise<StepTimes>;

async function runPlain(rt: Runtime, steps: readonly Step[], sink: Sink): Promise<void> {
  for (const step of steps) {
    const started = rt.clock.elapsed();
    const skipped = (await step.skip?.()) ?? false;
    if (skipped !== false) {
      sink.write(`- ${step.title} (${skipped})\n`);
      continue;
    }
    let shown = started;
    try {
      await step.run({
        note: (text) => {
          // A log file wants a sign of life now and then, not every change.
          if (rt.clock.elapsed() - shown < 10_000) return;
          shown = rt.clock.elapsed();
          sink.write(`  ${step.title}: ${text}\n`);
        },
      });
    } catch (error) {
      sink.write(`✗ ${step.title}\n`);
      throw error;
    }
    sink.write(`✓ ${step.title} (${span(rt.clock.elapsed() - started)})\n`);
  }
}

async function runListr(rt: Runtime, steps: readonly Step[], sink: Sink): Promise<void> {
  // Progress belongs on stderr, all of it: stdout is data.
  const { stream } = sink;
  const logger = new ListrLogger(stream === undefined ? {} : { processOutput: new ProcessOutput(stream, stream) });
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_context: unknown, task: { title: string; output: string; skip(message: string): void }) => {
        const started = rt.clock.elapsed();
        const skipped = (await step.skip?.()) ?? false;
        if (skipped !== false) {
          task.skip(`${step.title} (${skipped})`);
          return;
        }
        await step.run({
          note: (text) => {
            task.output = text.slice(0, Math.max(20, sink.columns - 6));
          },
        });
        task.title = `${step.title} (${span(rt.clock.elapsed() - started)})`;
      },
    })),
    {
      concurrent: false,
      // Its own handler would end the process before clean-up.
      registerSignalListeners: false,
      renderer: "default" as ListrRendererValue,
      fallbackRendererCondition: false,
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false, logger },
    },
  );
  await list.run();
}

function timed(rt: Runtime, steps: readonly Step[], times: Record<string, number>): Step[] {
  return steps.map((step) => ({
    ...step,
    run: async (handle) => {
      const started = rt.clock.elapsed();
      await step.run(handle);
      times[step.title] = rt.clock.elapsed() - started;
    },
  }));
}

/** Runs steps one after the other and draws them on stderr: a live list on a terminal, plain lines elsewhere. */
export async function runSteps(rt: Runtime, steps: readonly Step[]): Promise<StepTimes> {
  const times: Record<string, number> = {};
  const watched = timed(rt, steps, times);
  if (rt.err.isTTY) await runListr(rt, watched, rt.err);
  else await runPlain(rt, watched, rt.err);
  return times;
}

/** Runs steps one after the other, and passes on only what they note. */
export async function runNoted(rt: Runtime, steps: readonly Step[], note: (text: string) => void): Promise<StepTimes> {
  const times: Record<string, number> = {};
  for (const step of timed(rt, steps, times)) {
    if (((await step.skip?.()) ?? false) === false) await step.run({ note });
  }
  return times;
}
