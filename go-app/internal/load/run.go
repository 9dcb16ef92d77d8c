package load

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/proof"
	"labs.dev/go-app/internal/target"
)

// run is one run of requests. It ends by itself after MaxMillis at the latest;
// then only requests in flight remain, each with its own timeout.
type run struct {
	spec     Spec
	recorder *recorder
	client   *http.Client
	slots    chan struct{} // requests in flight, over all runs of the agent
	salt     string
	stop     chan struct{}
	stopOnce sync.Once
	done     chan struct{}
	inflight sync.WaitGroup
}

// start begins a run. The spec must be complete.
func start(spec Spec, slots chan struct{}) *run {
	r := &run{
		spec:     spec,
		recorder: newRecorder(spec.ID, spec.Concurrency > 0, time.Now()),
		client:   attempt.Client(target.Dialer(), spec.Connections == "kept"),
		slots:    slots,
		salt:     proof.Nonce()[:8],
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
	}
	go r.loop()
	return r
}

// end stops sending; done closes once the requests in flight have ended.
func (r *run) end() { r.stopOnce.Do(func() { close(r.stop) }) }

func (r *run) loop() {
	timer := time.AfterFunc(time.Duration(r.spec.MaxMillis)*time.Millisecond, r.end)
	if r.spec.Concurrency > 0 {
		r.closedLoop()
	} else {
		r.openLoop()
	}
	r.inflight.Wait()
	timer.Stop()
	r.recorder.end()
	r.client.CloseIdleConnections()
	close(r.done)
}

// openLoop sends at a fixed rate, whether or not answers come back.
func (r *run) openLoop() {
	p := newPacer(r.spec.Rate)
	for n := 0; p.wait(r.stop); n++ {
		r.recorder.sent()
		select {
		case r.slots <- struct{}{}:
		default:
			r.recorder.done(attempt.Outcome{
				Start: time.Now(), Kind: attempt.Other, Detail: fmt.Sprintf("not sent: %d requests in flight", maxInflight),
			})
			continue
		}
		r.inflight.Go(func() {
			r.recorder.done(r.request(n))
			<-r.slots
		})
	}
}

// closedLoop keeps a number of requests in flight. All its workers share one
// pacer, so that fast failures do not turn into a busy loop.
func (r *run) closedLoop() {
	p := newPacer(maxRate)
	var mu sync.Mutex
	n := 0
	next := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		n++
		return n, p.wait(r.stop)
	}
	for range r.spec.Concurrency {
		r.inflight.Go(func() {
			for {
				n, ok := next()
				if !ok {
					return
				}
				r.recorder.sent()
				r.slots <- struct{}{}
				r.recorder.done(r.request(n))
				<-r.slots
			}
		})
	}
}

func (r *run) request(n int) attempt.Outcome {
	body, err := r.spec.body(fmt.Sprintf("%s-%s-%d", r.spec.ID, r.salt, n))
	if err != nil {
		return attempt.Outcome{Start: time.Now(), Kind: attempt.Other, Detail: err.Error()}
	}
	return attempt.Do(r.client, attempt.Request{
		Method: r.spec.Method, URL: r.spec.URL, Header: r.spec.Headers, Body: body,
		Timeout: r.spec.timeout(), Key: r.spec.key(), Keep: 256,
	})
}
