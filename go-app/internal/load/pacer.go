package load

import "time"

// catchUp is how far a pacer may lag behind and still make up for it. After a
// longer gap, such as a paused container, it goes on from now.
const catchUp = time.Second

// pacer hands out the moments to send at.
type pacer struct {
	interval time.Duration
	next     time.Time
}

func newPacer(rate float64) *pacer {
	return &pacer{interval: time.Duration(float64(time.Second) / rate), next: time.Now()}
}

// wait returns true at the next moment, or false once stop is closed.
func (p *pacer) wait(stop <-chan struct{}) bool {
	now := time.Now()
	if now.Sub(p.next) > catchUp {
		p.next = now
	}
	at := p.next
	p.next = at.Add(p.interval)
	select {
	case <-stop:
		return false
	default:
	}
	if at.After(now) {
		select {
		case <-stop:
			return false
		case <-time.After(at.Sub(now)):
		}
	}
	return true
}
