package chattest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Fault is a failure of one request. The functions below make the usual ones.
type Fault struct {
	Name   string
	Status int // Status, if non-zero, is answered in place of asking the model
	Header http.Header
	Body   string                                // Body is that of Status; "" is an error in the protocol's form
	Hang   bool                                  // Hang answers nothing until the client leaves
	Drop   bool                                  // Drop closes the connection without an answer
	Slow   time.Duration                         // Slow waits before the answer, which is then whole
	Spoil  func(w http.ResponseWriter, a []byte) // Spoil sends the model's answer in another way
}

// TooMany returns status 429. The server asks for a pause of so many seconds; 0 does not say how long.
func TooMany(seconds int) *Fault {
	f := &Fault{Name: "429", Status: http.StatusTooManyRequests}
	if seconds > 0 {
		f.Header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	}
	return f
}

// Fails returns an error status with a message in the protocol's form.
func Fails(status int) *Fault { return &Fault{Name: strconv.Itoa(status), Status: status} }

// Hangs returns a fault that never answers.
func Hangs() *Fault { return &Fault{Name: "hang", Hang: true} }

// Drops returns a fault that closes the connection before an answer.
func Drops() *Fault { return &Fault{Name: "drop", Drop: true} }

// Slow returns a fault that answers after a while.
func Slow(d time.Duration) *Fault { return &Fault{Name: "slow", Slow: d} }

// Cut returns a fault that closes the connection after half the answer.
func Cut() *Fault {
	return &Fault{Name: "cut", Spoil: func(w http.ResponseWriter, a []byte) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(a)))
		_, _ = w.Write(a[:len(a)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}}
}

// HalfJSON returns a fault that sends half the answer as if it were whole.
func HalfJSON() *Fault {
	return &Fault{Name: "half JSON", Spoil: func(w http.ResponseWriter, a []byte) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(a[:len(a)/2])
	}}
}

// Sends returns a fault, under a name, that sends another body with status 200 in place of the answer.
func Sends(name, kind, body string) *Fault {
	return &Fault{Name: name, Spoil: func(w http.ResponseWriter, _ []byte) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}}
}

// HTML returns a fault that sends a page, as proxies do.
func HTML() *Fault { return Sends("html", "text/html", "<html><body>please sign in</body></html>") }

// ErrorInside returns a fault that sends an error with status 200, as OpenRouter does for a model
// that fails late.
func ErrorInside(code int) *Fault {
	return Sends("inside", "application/json", fmt.Sprintf(`{"error":{"code":%d,"message":"the provider failed"}}`, code))
}

// early acts before the model is asked, and reports whether that was all.
func (f *Fault) early(w http.ResponseWriter, r *http.Request, api api, count func()) bool {
	switch {
	case f.Hang:
		count()
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Drop:
		count()
		panic(http.ErrAbortHandler)
	case f.Status == 0:
		return false
	}
	count()
	for name, values := range f.Header {
		w.Header()[name] = values
	}
	if f.Body != "" {
		w.WriteHeader(f.Status)
		fmt.Fprint(w, f.Body)
		return true
	}
	writeError(w, api, f.Status, kindOf(f.Status), "", http.StatusText(f.Status)+", says the script")
	return true
}

// kindOf returns the type of an error.
func kindOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	case 529:
		return "overloaded_error"
	}
	if status >= http.StatusInternalServerError {
		return "api_error"
	}
	return "invalid_request_error"
}
