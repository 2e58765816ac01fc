// Package view shows results in a browser: a list of all that it finds, a report of each, and what
// differs between two. It serves this machine alone, reads files again when they change, and writes
// nothing.
//
// Call [New] and [Server.Serve].
package view

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/pages"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
)

// Server shows the results below some folders. It is safe for concurrent use.
type Server struct {
	paths   []string
	prompts bool

	lock  sync.Mutex
	pages map[string]made // the last page of each address
	lines map[string]line // what the list says of each state of a file
}

// made is a page, and the state of the files that it was made of.
type made struct {
	state string
	page  []byte
}

// New returns a server of the results below paths: folders and results files. prompts says whether pages
// have the texts of samples.
func New(paths []string, prompts bool) *Server {
	return &Server{paths: paths, prompts: prompts, pages: map[string]made{}, lines: map[string]line{}}
}

// Check returns how many results there are now, or an error if a path cannot be read.
func (s *Server) Check() (int, error) {
	all, _, err := find(s.paths)
	return len(all), err
}

// patience is the time that open requests have once the server ends.
const patience = time.Second

// Serve answers on a listener until ctx is done.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}

// Handler returns the pages: the list at /, a report at /r/KEY, two results in one report at /both, what
// differs at /diff, and at /state the states of files, by which pages know that they have changed.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /r/{key}", s.one)
	mux.HandleFunc("GET /both", s.both)
	mux.HandleFunc("GET /diff", s.diff)
	mux.HandleFunc("GET /state", s.state)
	return guard(mux)
}

// guard lets in only requests to this machine under a name of its own, as a site could otherwise point
// its name here and read the pages, and only those that no page of another site sends.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		switch site := r.Header.Get("Sec-Fetch-Site"); {
		case !access.IsLoopback(r.Host):
			http.Error(w, "this server answers under names of this machine only", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			http.Error(w, "this server only shows", http.StatusMethodNotAllowed)
		case site == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate":
			http.Error(w, "pages of other sites may not read this server", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// page answers with the page of an address, which it makes again if the state of its files has changed.
func (s *Server) page(w http.ResponseWriter, r *http.Request, state string, make func(ctx context.Context) (func(io.Writer) error, error)) {
	address := r.URL.String()
	s.lock.Lock()
	have, ok := s.pages[address]
	s.lock.Unlock()
	if !ok || have.state != state {
		write, err := make(r.Context())
		var b bytes.Buffer
		if err == nil {
			err = write(&b)
		}
		if err != nil {
			refuse(w, http.StatusUnprocessableEntity, err)
			return
		}
		have = made{state, b.Bytes()}
		s.keep(address, have)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(have.page)
}

// refuse answers with a page that says why there is no other.
func refuse(w http.ResponseWriter, status int, why error) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = report.Page{Title: "This cannot be shown", Notes: []string{why.Error()}, Up: "/"}.HTML(w)
}

// mostKept is the number of pages that are kept.
const mostKept = 20

// keep keeps a page in place of another one.
func (s *Server) keep(address string, page made) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if len(s.pages) >= mostKept {
		clear(s.pages)
	}
	s.pages[address] = page
}

// state answers with the states of the files that a page shows: those of the keys, or of all.
func (s *Server) state(w http.ResponseWriter, r *http.Request) {
	all, _, err := find(s.paths)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	keys := r.URL.Query()["key"]
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for _, f := range all {
		if len(keys) == 0 || slices.Contains(keys, f.key) {
			fmt.Fprintln(w, f.state())
		}
	}
}

// live returns the address of the states of files.
func live(files ...found) string {
	var keys []string
	for _, f := range files {
		keys = append(keys, "key="+f.key)
	}
	return "/state?" + strings.Join(keys, "&")
}

// errGone says that an address names no results.
var errGone = errors.New("these results are not there any more")

// asked returns the files that a request names by their keys. It answers itself if there is none.
func (s *Server) asked(w http.ResponseWriter, keys ...string) []found {
	all, _, err := find(s.paths)
	var out []found
	for _, key := range keys {
		if k := slices.IndexFunc(all, func(f found) bool { return f.key == key }); k >= 0 {
			out = append(out, all[k])
		} else if err == nil {
			err = errGone
		}
	}
	if err != nil {
		refuse(w, http.StatusNotFound, err)
		return nil
	}
	return out
}

// one answers with the report of one result.
func (s *Server) one(w http.ResponseWriter, r *http.Request) {
	if files := s.asked(w, r.PathValue("key")); files != nil {
		s.reportOf(w, r, files)
	}
}

// both answers with the report of two results.
func (s *Server) both(w http.ResponseWriter, r *http.Request) {
	if files := s.asked(w, r.FormValue("a"), r.FormValue("b")); files != nil {
		s.reportOf(w, r, files)
	}
}

func (s *Server) reportOf(w http.ResponseWriter, r *http.Request, files []found) {
	s.page(w, r, statesOf(files), func(ctx context.Context) (func(io.Writer) error, error) {
		sets, err := s.read(ctx, files, true)
		if err != nil {
			return nil, err
		}
		p, err := pages.New(sets, nil)
		p.Title = text.Sample(namesOf(files)) + ": " + p.Title
		p.Live, p.Up = live(files...), "/"
		return p.HTML, err
	})
}

func statesOf(files []found) string {
	var out []string
	for _, f := range files {
		out = append(out, f.state())
	}
	return strings.Join(out, "\n")
}

func namesOf(files []found) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.name)
	}
	return out
}

// read reads results with their samples, and their texts if they are wanted and pages have them. Two
// results are told apart by their names.
func (s *Server) read(ctx context.Context, files []found, texts bool) ([]*harness.ScoreSet, error) {
	var sets []*harness.ScoreSet
	for _, f := range files {
		set, err := pages.Read(f.path)
		if err != nil {
			return nil, err
		}
		if len(files) > 1 {
			set.Label = f.name
		}
		if texts && s.prompts {
			if _, err := set.ReadTexts(ctx, pages.MaxSamples, nil); err != nil {
				return nil, err
			}
		}
		sets = append(sets, set)
	}
	return sets, nil
}
