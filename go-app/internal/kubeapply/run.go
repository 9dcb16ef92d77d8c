// Package kubeapply is a delivery pipeline in one program: it applies
// manifests to the cluster it runs in, with its own service account.
package kubeapply

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"labs.dev/go-app/internal/process"
)

const usage = "usage: app apply [--release ID] [--wait 60s] [--token-file FILE] MANIFEST.json...\n"

// object is a manifest, or an answer of the API server.
type object = map[string]any

// Run applies the manifests named by the arguments and waits until what they
// describe is rolled out. It prints what kubectl would; 1 when it failed.
func Run(p *process.Process) int {
	flags := flag.NewFlagSet("apply", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	release := flags.String("release", "", "annotation dev.labs/release of the objects and their pods")
	wait := flags.Duration("wait", 0, "how long to wait for a rollout")
	tokenFile := flags.String("token-file", accountDir+"/token", "the service account's token")
	if err := flags.Parse(p.Args); err != nil || flags.NArg() == 0 {
		fmt.Fprint(p.Stderr, usage)
		return 2
	}
	api, err := inCluster(p.Lookup, *tokenFile)
	if err != nil {
		fmt.Fprintln(p.Stderr, "error:", err)
		return 1
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	for _, file := range flags.Args() {
		if err := applyFile(ctx, api, p.Stdout, file, *release, *wait); err != nil {
			fmt.Fprintln(p.Stderr, err)
			return 1
		}
	}
	return 0
}

func applyFile(ctx context.Context, api *client, out io.Writer, file, release string, wait time.Duration) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("error: %w", err)
	}
	var manifest object
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("error: %s: %w", file, err)
	}
	r, err := resourceOf(manifest)
	if err != nil {
		return fmt.Errorf("error: %s: %w", file, err)
	}
	if release != "" {
		mark(manifest, release)
	}
	done, err := apply(ctx, api, r, manifest)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %s\n", r, done)
	if wait > 0 && r.kind == "Deployment" {
		return awaitRollout(ctx, api, out, r, wait)
	}
	return nil
}

// apply creates what is not there and changes what is, reading it first.
func apply(ctx context.Context, api *client, r resource, manifest object) (string, error) {
	_, err := api.do(ctx, "GET", r.path(), "", nil)
	var status *statusError
	switch {
	case err == nil:
		_, err = api.do(ctx, "PATCH", r.path(), "application/strategic-merge-patch+json", manifest)
		return "configured", err
	case errors.As(err, &status) && status.code == 404:
		_, err = api.do(ctx, "POST", r.collection(), "application/json", manifest)
		return "created", err
	}
	return "", err
}

// mark writes the release where anybody can read it: on the object and, where
// it makes pods, on those.
func mark(manifest object, release string) {
	const key = "dev.labs/release"
	set := func(o object) {
		child(child(o, "metadata"), "annotations")[key] = release
	}
	set(manifest)
	if spec, ok := manifest["spec"].(object); ok {
		if template, ok := spec["template"].(object); ok {
			set(template)
		}
	}
}

func child(o object, key string) object {
	c, ok := o[key].(object)
	if !ok {
		c = object{}
		o[key] = c
	}
	return c
}

// awaitRollout waits until the newest template is what runs, as rollout status does.
func awaitRollout(ctx context.Context, api *client, out io.Writer, r resource, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	for {
		live, err := api.do(ctx, "GET", r.path(), "", nil)
		if err != nil {
			return err
		}
		problem := rolloutProblem(live)
		if problem == "" {
			fmt.Fprintf(out, "%s successfully rolled out\n", r)
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("error: %s is not rolled out after %s: %s", r, wait, problem)
		}
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
			return errors.New("error: interrupted")
		}
	}
}

func rolloutProblem(live object) string {
	metadata, spec, status := child(live, "metadata"), child(live, "spec"), child(live, "status")
	want := number(spec["replicas"])
	switch {
	case number(status["observedGeneration"]) < number(metadata["generation"]):
		return "not observed yet"
	case number(status["updatedReplicas"]) < want:
		return fmt.Sprintf("%.0f out of %.0f new replicas have been updated", number(status["updatedReplicas"]), want)
	case number(status["replicas"]) > number(status["updatedReplicas"]):
		return "old replicas are pending termination"
	case number(status["availableReplicas"]) < want:
		return fmt.Sprintf("%.0f of %.0f updated replicas are available", number(status["availableReplicas"]), want)
	}
	return ""
}

// number reads a counter; the API leaves zeros out.
func number(v any) float64 {
	n, _ := v.(float64)
	return n
}
