package modelserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Client sends requests to a model server by the one policy of this program: it repeats what is
// worth repeating, waits as long as the server says, and holds no more than MaxBytes of an answer.
// It is safe for concurrent use once its fields are set.
type Client struct {
	Header    http.Header       // Header is sent with each request
	Timeout   time.Duration     // Timeout limits one attempt, its answer included
	MaxBytes  int64             // MaxBytes limits the body of an answer
	Retries   int               // Retries is the number of retries, [Retries] in this program
	Lost      int               // Lost is the number of retries after an attempt that ran out of time or broke off
	Transport http.RoundTripper // Transport, if non-nil, replaces the shared one
	// Status, if non-nil, returns the status for which an answer stands: some servers send errors
	// with status 200.
	Status func(status int, body []byte) int
	// Cut, if non-nil, reports whether an answer with status 200 is not whole, although it arrived as
	// if it were. Such an attempt counts as lost.
	Cut func(body []byte) bool
	// Paused, if non-nil, is called with the length of each wait that the server asked for, or that
	// follows from too many requests.
	Paused func(time.Duration)
	// Random, if non-nil, returns numbers in [0,1) in place of random ones.
	Random func() float64
}

// Reply is a complete answer, whatever its status.
type Reply struct {
	Status   int // Status is what [Client.Status] made of the answer's own status
	Said     int // Said is the answer's own status
	Header   http.Header
	Body     []byte
	Latency  time.Duration // Latency is the time of the last attempt
	Attempts int
}

// shared keeps enough connections for many requests at a time to one server.
var shared = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 256, 64
	return t
}()

// Do sends a request until it is answered or retries do not help. The error, if any, says that no
// complete answer arrived; Attempts is set in any case.
func (c *Client) Do(ctx context.Context, method, address string, body []byte) (Reply, error) {
	lost := 0
	for attempt := 1; ; attempt++ {
		r, err := c.attempt(ctx, method, address, body)
		r.Attempts = attempt
		if ctx.Err() != nil || attempt > c.Retries {
			return r, err
		}
		switch {
		case errors.Is(err, errTooLarge) || certificate(err):
			return r, err
		case c.lost(r, err):
			if lost++; lost > c.Lost {
				return r, err
			}
		case err == nil && !again(r):
			return r, nil
		}
		if err := c.wait(ctx, r, attempt-1); err != nil {
			return r, err
		}
	}
}

// lost reports whether an attempt ran out of time or its answer is not whole: the server may have
// made, and charged, all of it.
func (c *Client) lost(r Reply, err error) bool {
	if err == nil {
		return c.Cut != nil && r.Status == http.StatusOK && c.Cut(r.Body)
	}
	return r.Status != 0 || errors.Is(err, context.DeadlineExceeded)
}

// attempt sends a request once.
func (c *Client) attempt(ctx context.Context, method, address string, body []byte) (r Reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	request.Header = c.Header.Clone()
	start := time.Now()
	response, err := c.http().Do(request)
	if err != nil {
		return r, err
	}
	defer response.Body.Close()
	r.Status, r.Said, r.Header = response.StatusCode, response.StatusCode, response.Header
	if r.Body, err = read(response.Body, c.MaxBytes); err != nil {
		return r, brokenOff{err}
	}
	r.Latency = time.Since(start)
	if c.Status != nil {
		r.Status = c.Status(r.Status, r.Body)
	}
	return r, nil
}

func (c *Client) http() *http.Client {
	t := c.Transport
	if t == nil {
		t = shared
	}
	return &http.Client{Transport: t, CheckRedirect: follow}
}

// follow lets a request follow a redirect only to the same server and with the same method: the
// key is for no other server, and a POST that becomes a GET has no answer.
func follow(next *http.Request, before []*http.Request) error {
	first := before[0]
	if len(before) < 10 && next.URL.Scheme == first.URL.Scheme && next.URL.Host == first.URL.Host && next.Method == first.Method {
		return nil
	}
	return http.ErrUseLastResponse
}

// brokenOff marks an error after the beginning of an answer.
type brokenOff struct{ error }

func (b brokenOff) Unwrap() error { return b.error }

var errTooLarge = errors.New("is too large")

// read reads a body of at most so many bytes.
func read(from io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(from, most+1))
	if int64(len(b)) > most {
		return b[:most], fmt.Errorf("%w: more than %d MiB", errTooLarge, most>>20)
	}
	return b, err
}

// JSON returns a value as the body of a request. It leaves < and & as they are.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
