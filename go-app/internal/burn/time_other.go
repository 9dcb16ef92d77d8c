//go:build !linux

package burn

import "time"

var started = time.Now()

// threadTime is wall time where the image does not run anyway.
func threadTime() time.Duration { return time.Since(started) }
