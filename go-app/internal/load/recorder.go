package load

import (
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"labs.dev/go-app/internal/attempt"
)

// Failure is one failed request: when it was sent and what became of it.
type Failure struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Detail string    `json:"detail"`
}

// Second counts the requests that were sent within one Unix second.
type Second struct {
	T      int64 `json:"t"`
	OK     int   `json:"ok"`
	Failed int   `json:"failed"`
}

// Latency is over the ok requests, in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Result is a run so far, or as it ended.
type Result struct {
	ID                 string         `json:"id"`
	StartedAt          time.Time      `json:"startedAt"`
	EndedAt            *time.Time     `json:"endedAt"`
	State              string         `json:"state"`
	Sent               int            `json:"sent"`
	OK                 int            `json:"ok"`
	Failed             int            `json:"failed"`
	Inflight           int            `json:"inflight"`
	Retried            int            `json:"retried"`
	ByKind             map[string]int `json:"byKind"`
	ByStatus           map[int]int    `json:"byStatus"`
	ByPod              map[string]int `json:"byPod"`
	ByVersion          map[string]int `json:"byVersion"`
	LatencyMillis      Latency        `json:"latencyMs"`
	Seconds            []Second       `json:"seconds"`
	FirstFailure       *Failure       `json:"firstFailure"`
	LastFailure        *Failure       `json:"lastFailure"`
	CompletedPerSecond *float64       `json:"completedPerSecond,omitempty"`
}

// recorder counts outcomes. Requests are filed under the moment they were
// sent: a request that times out belongs to the second in which it started.
type recorder struct {
	mu        sync.Mutex
	r         Result
	latencies []float32
	seconds   map[int64]*Second
	closed    bool // closed loop: report a throughput
}

func newRecorder(id string, closed bool, start time.Time) *recorder {
	r := &recorder{seconds: map[int64]*Second{}, closed: closed, r: Result{
		ID: id, StartedAt: start.UTC(), State: "running",
		ByKind: map[string]int{}, ByStatus: map[int]int{}, ByPod: map[string]int{}, ByVersion: map[string]int{},
	}}
	for _, kind := range attempt.Kinds {
		r.r.ByKind[kind] = 0
	}
	return r
}

func (c *recorder) sent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.r.Sent++
}

func (c *recorder) done(o attempt.Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	second := c.seconds[o.Start.Unix()]
	if second == nil {
		second = &Second{T: o.Start.Unix()}
		c.seconds[second.T] = second
	}
	c.r.ByKind[o.Kind]++
	if o.Retried {
		c.r.Retried++
	}
	if o.Status != 0 {
		c.r.ByStatus[o.Status]++
	}
	if pod := o.Header.Get("X-Pod"); pod != "" {
		c.r.ByPod[pod]++
	}
	if version := o.Header.Get("X-Version"); version != "" {
		c.r.ByVersion[version]++
	}
	if o.Kind == attempt.OK {
		c.r.OK++
		second.OK++
		c.latencies = append(c.latencies, float32(o.Took.Seconds()*1000))
		return
	}
	c.r.Failed++
	second.Failed++
	f := &Failure{At: o.Start.UTC(), Kind: o.Kind, Detail: o.Detail}
	if c.r.FirstFailure == nil || f.At.Before(c.r.FirstFailure.At) {
		c.r.FirstFailure = f
	}
	if c.r.LastFailure == nil || f.At.After(c.r.LastFailure.At) {
		c.r.LastFailure = f
	}
}

func (c *recorder) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now().UTC()
	c.r.EndedAt, c.r.State = &now, "done"
}

// result returns a copy that later outcomes do not touch.
func (c *recorder) result() Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.r
	r.Inflight = r.Sent - r.OK - r.Failed
	r.ByKind, r.ByStatus = maps.Clone(r.ByKind), maps.Clone(r.ByStatus)
	r.ByPod, r.ByVersion = maps.Clone(r.ByPod), maps.Clone(r.ByVersion)
	sorted := slices.Sorted(slices.Values(c.latencies))
	r.LatencyMillis = Latency{P50: quantile(sorted, .50), P95: quantile(sorted, .95), P99: quantile(sorted, .99), Max: quantile(sorted, 1)}
	r.Seconds = []Second{}
	for _, t := range slices.Sorted(maps.Keys(c.seconds)) {
		r.Seconds = append(r.Seconds, *c.seconds[t])
	}
	if c.closed {
		end := time.Now()
		if r.EndedAt != nil {
			end = *r.EndedAt
		}
		if d := end.Sub(r.StartedAt).Seconds(); d > 0 {
			rate := math.Round(float64(r.OK)/d*1000) / 1000
			r.CompletedPerSecond = &rate
		}
	}
	return r
}

// quantile is the nearest rank, rounded to microseconds.
func quantile(sorted []float32, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := max(1, int(math.Ceil(q*float64(len(sorted)))))
	return math.Round(float64(sorted[rank-1])*1000) / 1000
}
