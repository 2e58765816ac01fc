// Package holdback asks a model and holds its whole answer back, within bounds of memory, until it is
// decided whether a client gets it.
//
// Call [Asker.Ask] for an [Answer], then [Answer.Response] if the client gets it, and
// [Answer.Release] at the end of the request. Errors are a [*upstream.Failure].
package holdback

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/reply"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// Asker asks one of a set's upstreams.
type Asker struct {
	Set    *upstream.Set
	By     int
	Memory *intake.Memory
	Bytes  int64 // largest answer, decompressed
	All    int64 // limit of the memory
}

// Answer is a whole answer, of which no client has seen anything.
type Answer struct {
	*reply.Reply
	Usage body.Usage

	header http.Header
	memory *intake.Memory
	bytes  int64
}

// Ask sends a request whose answer has a form, and waits for the answer's end. No other upstream is
// asked. If the context's cause is [upstream.ErrSlow], the failure is [upstream.Late].
func (a Asker) Ask(r upstream.Request, form reply.Form) (*Answer, error) {
	alone := upstream.Set{All: a.Set.All}
	got, err := alone.Send(r, a.By)
	if len(got.Failures) > 0 {
		err = got.Failures[0].Err
	}
	if got.Response != nil {
		defer got.Response.Body.Close()
	}
	switch {
	case err != nil:
	case got.Response.StatusCode/100 != 2:
		err = &upstream.Failure{Kind: upstream.Status, Status: got.Response.StatusCode}
	default:
		var answer *Answer
		if answer, err = a.read(got.Response, form); err == nil {
			return answer, nil
		}
	}
	if context.Cause(r.Context()) == upstream.ErrSlow {
		err = &upstream.Failure{Kind: upstream.Late}
	}
	return nil, err
}

// read reads an answer whose header has come.
func (a Asker) read(res *http.Response, form reply.Form) (*Answer, error) {
	out := &Answer{header: res.Header.Clone(), memory: a.Memory}
	raw, err := a.collect(res, out)
	if err == nil {
		stream := strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream")
		out.Reply, err = reply.Read(form, stream, raw)
		err = failureOf(err)
	}
	if err != nil {
		out.Release()
		return nil, err
	}
	return out, nil
}

// failureOf returns the failure that an error of [reply.Read] stands for; nil for nil.
func failureOf(err error) error {
	kind := upstream.Unreadable
	switch {
	case err == nil:
		return nil
	case errors.Is(err, reply.ErrIncomplete):
		kind = upstream.Incomplete
	case errors.Is(err, reply.ErrCall):
		kind = upstream.NotJSON
	}
	return &upstream.Failure{Kind: kind}
}

// Response returns the answer to a request, without what is not for the client.
func (a *Answer) Response(r *http.Request, keep reply.Keep) *http.Response {
	content, header := a.Content(keep), a.header.Clone()
	header.Del("Content-Encoding") // it has been decompressed
	header.Set("Content-Length", strconv.FormatInt(content.Len(), 10))
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header,
		Body: reader{content.Reader()}, ContentLength: content.Len(), Request: r,
	}
}

// Release gives the memory of the answer back.
func (a *Answer) Release() {
	a.memory.Free(a.bytes)
	a.bytes = 0
}
