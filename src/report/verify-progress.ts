import type { EventBody } from "../session/events.ts";

/** One line of live progress for an event; "" for events that need none. */
export function eventText(event: EventBody): string {
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
