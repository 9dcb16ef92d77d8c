import type { AnyCheckType } from "./check.ts";
import { access } from "./types/access.ts";
import { admission } from "./types/admission.ts";
import { available } from "./types/available.ts";
import { cgroup } from "./types/cgroup.ts";
import { all, any, none } from "./types/combine.ts";
import { condition } from "./types/condition.ts";
import { cpuGiven } from "./types/cpu-given.ts";
import { cpuRequest } from "./types/cpu-request.ts";
import { cpuUse } from "./types/cpu-use.ts";
import { docker } from "./types/docker.ts";
import { evictions } from "./types/evictions.ts";
import { endpoints } from "./types/endpoints.ts";
import { ended } from "./types/ended.ts";
import { absent, exists } from "./types/exists.ts";
import { finished } from "./types/finished.ts";
import { grants } from "./types/grants.ts";
import { http } from "./types/http.ts";
import { image } from "./types/image.ts";
import { logs } from "./types/logs.ts";
import { placement } from "./types/placement.ts";
import { memory } from "./types/memory.ts";
import { pods } from "./types/pods.ts";
import { preserve } from "./types/preserve.ts";
import { resource } from "./types/resource.ts";
import { restarts } from "./types/restarts.ts";
import { rights } from "./types/rights.ts";
import { threads } from "./types/threads.ts";
import { tokens } from "./types/tokens.ts";
import { traffic } from "./types/traffic.ts";
import { trafficDuring } from "./types/traffic-during.ts";
import { workloadReady } from "./types/workload-ready.ts";

/** Every check type, by name. Schema, dispatch, completion and docs derive from this list. */
export const checkTypes: readonly AnyCheckType[] = [
  absent,
  access,
  admission,
  all,
  any,
  available,
  cgroup,
  condition,
  cpuGiven,
  cpuRequest,
  cpuUse,
  docker,
  evictions,
  endpoints,
  ended,
  exists,
  finished,
  grants,
  http,
  image,
  logs,
  memory,
  none,
  placement,
  pods,
  preserve,
  resource,
  restarts,
  rights,
  threads,
  tokens,
  traffic,
  trafficDuring,
  workloadReady,
];
