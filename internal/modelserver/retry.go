package modelserver

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/complaint"
)

const (
	// Retries is the number of retries after status 408, 409, 429 or 5xx, or without an answer. A
	// client waits as long as the server says, but at most MaxWait. If the server says nothing, it
	// waits 0.5 s, then twice as long each time, minus up to a quarter at random.
	Retries = 5
	MaxWait = time.Minute

	firstWait = 500 * time.Millisecond
)

// Tried describes the retries, for hints.
func Tried() string {
	return fmt.Sprintf("such requests are tried %d times, with waits of at most %v", 1+Retries, MaxWait)
}

// again reports whether a retry may help. A quota of money that is used up is no rate limit. An answer
// that arrived is never asked for again, whatever its header says: it was paid for.
func again(r Reply) bool {
	if r.Status < http.StatusBadRequest {
		return false
	}
	switch r.Header.Get("X-Should-Retry") {
	case "true":
		return true
	case "false":
		return false
	}
	switch r.Status {
	case http.StatusTooManyRequests:
		return !complaint.Read(r.Body).OutOfQuota()
	case http.StatusRequestTimeout, http.StatusConflict:
		return true
	}
	return r.Status >= http.StatusInternalServerError
}

// wait waits before retry n, counted from 0.
func (c *Client) wait(ctx context.Context, r Reply, n int) error {
	d, asked := asked(r.Header, time.Now())
	if !asked {
		d = c.backOff(n)
	}
	if c.Paused != nil && (asked || r.Status == http.StatusTooManyRequests) {
		c.Paused(d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (c *Client) backOff(n int) time.Duration {
	random := c.Random
	if random == nil {
		random = rand.Float64
	}
	d := min(float64(firstWait)*math.Pow(2, float64(n)), float64(MaxWait))
	return time.Duration(d - float64(d/4*random()))
}

// asked returns how long a server says to wait. A limit's reset counts only if the limit is used
// up, because servers send it with every answer.
func asked(h http.Header, now time.Time) (d time.Duration, ok bool) {
	if d, ok = number(h.Get("Retry-After-Ms"), time.Millisecond); ok {
		return d, true
	}
	if d, ok = number(h.Get("Retry-After"), time.Second); ok {
		return d, true
	}
	if t, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return bounded(t.Sub(now)), true
	}
	for _, limit := range limits {
		if h.Get(limit.remaining) != "0" {
			continue
		}
		if until, found := reset(h.Get(limit.reset), now); found {
			d, ok = max(d, until), true
		}
	}
	return d, ok
}

// limits lists the header fields of OpenAI, of OpenRouter and others, and of Anthropic.
var limits = []struct{ remaining, reset string }{
	{"X-Ratelimit-Remaining-Requests", "X-Ratelimit-Reset-Requests"},
	{"X-Ratelimit-Remaining-Tokens", "X-Ratelimit-Reset-Tokens"},
	{"X-Ratelimit-Remaining", "X-Ratelimit-Reset"},
	{"Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset"},
	{"Anthropic-Ratelimit-Tokens-Remaining", "Anthropic-Ratelimit-Tokens-Reset"},
	{"Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset"},
	{"Anthropic-Ratelimit-Output-Tokens-Remaining", "Anthropic-Ratelimit-Output-Tokens-Reset"},
}

// reset reads the time until a limit's reset: a time, a duration such as 6m0s, or a number of
// seconds, which is a date if it is large, in milliseconds if it is larger.
func reset(value string, now time.Time) (time.Duration, bool) {
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return bounded(t.Sub(now)), true
	}
	if d, err := time.ParseDuration(strings.TrimSpace(value)); err == nil {
		return bounded(d), true
	}
	n, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || !(n >= 0):
		return 0, false
	case n > 1e11:
		return bounded(time.UnixMilli(int64(min(n, 1e15))).Sub(now)), true
	case n > 1e8:
		return bounded(time.Unix(int64(n), 0).Sub(now)), true
	}
	return number(value, time.Second)
}

// number reads a number of units, such as seconds.
func number(value string, unit time.Duration) (time.Duration, bool) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || !(n >= 0) {
		return 0, false
	}
	return time.Duration(min(n*float64(unit), float64(MaxWait))), true
}

func bounded(d time.Duration) time.Duration { return min(max(d, 0), MaxWait) }
