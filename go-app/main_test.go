package main

import (
	"bytes"
	"strings"
	"testing"

	"labs.dev/go-app/internal/process"
)

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"version", 0, "v7\n", ""},
		{"help", 0, usage, ""},
		{"nope", 2, "", `unknown role "nope"`},
		{"probe", 2, "", "a URL is missing"},
		{"sleep", 2, "", "usage"},
		{"serve", 1, "config: PORT", ""},
		{"", 1, "config: PORT", ""}, // serve is the default
		{"dep", 1, "config: PORT", ""},
		{"load", 1, "config: PORT", ""},
	} {
		t.Run(tt.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(&process.Process{
				Args: strings.Fields(tt.args), Stdout: &stdout, Stderr: &stderr, Version: "v7",
				Lookup: func(key string) (string, bool) { return "80a", key == "PORT" },
			})
			if code != tt.code || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
				t.Errorf("exit %d, stdout %s, stderr %s", code, &stdout, &stderr)
			}
		})
	}
}
