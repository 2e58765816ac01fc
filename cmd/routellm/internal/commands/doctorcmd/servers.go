package doctorcmd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/routellm/routellm/results"
)

// server is a server to ask.
type server struct {
	name string // what names it: a model, a flag or a variable
	url  string // base URL
}

// timeout limits the time for a server to answer.
const timeout = 3 * time.Second

// keyVariables are the variables in which commands look for keys without being told.
var keyVariables = []string{"OPENAI_API_KEY", "ANTHROPIC_API_KEY"}

// keys says which variables hold keys. It shows none.
func (e *examination) keys() {
	var set, unset []string
	for _, name := range keyVariables {
		if os.Getenv(name) != "" {
			set = append(set, name)
		} else {
			unset = append(unset, name)
		}
	}
	for _, name := range e.needs { // which are set, or the settings of serve are a problem already
		if !slices.Contains(set, name) {
			set = append(set, name)
		}
	}
	switch {
	case len(set) > 0:
		e.add("keys", results.OK, "set: "+strings.Join(set, ", "), "")
	default:
		e.add("keys", results.Note, "not set: "+strings.Join(unset, ", "), "only models of these providers need them")
	}
}

// servers asks the servers that are named, all at once.
func (e *examination) servers(ctx context.Context, o options) {
	all := slices.Clone(e.used)
	for _, address := range o.Servers {
		all = append(all, server{"--server", address})
	}
	if address := os.Getenv("OPENAI_BASE_URL"); address != "" {
		all = append(all, server{"OPENAI_BASE_URL", address})
	}
	if len(all) == 0 {
		e.add("servers", results.OK, "none is named, so none was asked", "")
		return
	}
	found := make([]string, len(all))
	fine := make([]bool, len(all))
	var wait sync.WaitGroup
	for i, s := range all {
		wait.Go(func() { found[i], fine[i] = ask(ctx, s.url) })
	}
	wait.Wait()
	for i, s := range all {
		if fine[i] {
			e.add("server", results.OK, s.name+": "+found[i], "")
			continue
		}
		e.add("server", results.Problem, s.name+": "+found[i], "start the server, or correct its URL")
	}
}

// ask sends one request for the list of models, without a key, and says what came back. Any answer of
// HTTP counts. What it says names the host alone, because a URL may hold a password.
func ask(ctx context.Context, address string) (found string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "the URL is not valid: expected http:// or https:// and a host", false
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	u.Path = strings.TrimRight(u.Path, "/") + "/models"
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "the URL is not valid", false
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	began := time.Now()
	res, err := client.Do(request)
	if err != nil {
		return fmt.Sprintf("%s does not answer: %s", u.Host, reason(ctx, err)), false
	}
	defer res.Body.Close()
	return fmt.Sprintf("%s answers with status %d in %d ms", u.Host, res.StatusCode, time.Since(began).Milliseconds()), true
}

// reason returns why a request failed, without its URL.
func reason(ctx context.Context, err error) string {
	if ctx.Err() != nil {
		return fmt.Sprintf("nothing came within %v", timeout)
	}
	if wrapped, ok := err.(*url.Error); ok {
		err = wrapped.Err
	}
	return err.Error()
}
