import type { VerifyEvent } from "../verify/verify-context.ts";

/** One line of live progress for an event of a verify; "" for events that need none. */
export function eventText(event: VerifyEvent): string {
  switch (event.type) {
    case "check-started":
      return event.title;
    case "check-looked":
      return `${event.id}: ${event.text}`;
    case "experiment-started":
      return `experiment ${event.experiment}`;
    case "experiment-progress":
      return `experiment ${event.experiment}: ${event.text}`;
    default:
      return "";
  }
}
