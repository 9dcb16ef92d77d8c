// Command app is the sample service of the labs: one static binary that plays
// the service, its dependency, the load generator and the probe client.
package main

import (
	"fmt"
	"io"
	"os"

	"labs.dev/go-app/internal/cgroup"
	"labs.dev/go-app/internal/dep"
	"labs.dev/go-app/internal/kubeapply"
	"labs.dev/go-app/internal/load"
	"labs.dev/go-app/internal/probe"
	"labs.dev/go-app/internal/process"
	"labs.dev/go-app/internal/serve"
	"labs.dev/go-app/internal/sleep"
)

// version is set at build time: -ldflags "-X main.version=v1".
var version = "dev"

const usage = `usage: app [ROLE] [ARGUMENTS]

  serve      the web service (default)
  dep        the dependency that the service calls, with faults on command
  load       HTTP load: an agent, or one run with --url
  probe      probe one URL: http://…, tcp://host:port or dns:name
  apply      apply manifests to the cluster it runs in, as a pipeline does
  cgroup     print the CPU and memory counters of this container
  sleep      sleep 5 | sleep 5s; ends on SIGTERM
  version    print the version
  help       print this text
`

func main() {
	os.Exit(run(&process.Process{
		Args:    os.Args[1:],
		Lookup:  os.LookupEnv,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Version: version,
	}))
}

func run(p *process.Process) int {
	role := "serve"
	if len(p.Args) > 0 {
		role, p.Args = p.Args[0], p.Args[1:]
	}
	switch role {
	case "serve":
		return serve.Run(p)
	case "dep":
		return dep.Run(p)
	case "load":
		return load.Run(p)
	case "probe":
		return probe.Run(p)
	case "apply":
		return kubeapply.Run(p)
	case "cgroup":
		return cgroup.Run(p)
	case "sleep":
		return sleep.Run(p)
	case "version":
		fmt.Fprintln(p.Stdout, p.Version)
		return 0
	case "help", "-h", "--help":
		io.WriteString(p.Stdout, usage)
		return 0
	}
	fmt.Fprintf(p.Stderr, "app: unknown role %q\n\n%s", role, usage)
	return 2
}
