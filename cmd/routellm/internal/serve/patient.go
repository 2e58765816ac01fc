package serve

import (
	"net/http"
	"time"
)

// patient is a ResponseWriter that gives a slow client up to limit for each write.
type patient struct {
	http.ResponseWriter
	rc    *http.ResponseController
	limit time.Duration
}

// Write fails if the client does not take the bytes within the limit.
func (p *patient) Write(b []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(b)
}

// wait restarts the limit.
func (p *patient) wait() { _ = p.rc.SetWriteDeadline(time.Now().Add(p.limit)) }

// Unwrap returns the wrapped writer, so that [http.ResponseController] can flush it.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
