import type { AnyActionType } from "./action.ts";
import { build } from "./actions/build.ts";
import { cgroup } from "./actions/cgroup.ts";
import { clone } from "./actions/clone.ts";
import { configChange } from "./actions/config-change.ts";
import { cordon } from "./actions/cordon.ts";
import { deadlock } from "./actions/deadlock.ts";
import { drain } from "./actions/drain.ts";
import { evict } from "./actions/evict.ts";
import { job } from "./actions/job.ts";
import { kill } from "./actions/kill.ts";
import { lifecycle } from "./actions/lifecycle.ts";
import { load } from "./actions/load.ts";
import { outage } from "./actions/outage.ts";
import { pause } from "./actions/pause.ts";
import { place } from "./actions/place/place.ts";
import { reach } from "./actions/reach.ts";
import { recover } from "./actions/recover.ts";
import { roll } from "./actions/roll.ts";
import { run } from "./actions/run.ts";
import { scale } from "./actions/scale.ts";
import { staleEndpoints } from "./actions/stale-endpoints.ts";
import { stop } from "./actions/stop.ts";
import { tick } from "./actions/tick.ts";
import { traffic } from "./actions/traffic.ts";
import { unpack } from "./actions/unpack.ts";
import { unready } from "./actions/unready.ts";

/** Every action, by name. Schema, dispatch, completion and docs derive from this list. */
export const actionTypes: readonly AnyActionType[] = [
  build,
  cgroup,
  clone,
  cordon,
  configChange,
  deadlock,
  drain,
  evict,
  job,
  kill,
  lifecycle,
  load,
  outage,
  pause,
  reach,
  place,
  recover,
  roll,
  run,
  scale,
  staleEndpoints,
  stop,
  tick,
  traffic,
  unready,
  unpack,
];

/** The action type of a name. A loaded lab names only known ones. */
export function findAction(name: string, types: readonly AnyActionType[] = actionTypes): AnyActionType {
  const type = types.find((known) => known.name === name);
  if (type === undefined) throw new Error(`there is no action ${name}`);
  return type;
}
