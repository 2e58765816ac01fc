package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// running is a server inside Run.
type running struct {
	url    string
	server *Server
	log    *buffer
	reload chan os.Signal
	stop   context.CancelFunc
	ended  chan error
}

func run(t *testing.T, set Settings, load func() (Settings, error)) *running {
	t.Helper()
	return runLogged(t, set, load, nil)
}

func runLogged(t *testing.T, set Settings, load func() (Settings, error), records *decisionlog.Log) *running {
	t.Helper()
	r := &running{log: &buffer{}, reload: make(chan os.Signal), ended: make(chan error, 1)}
	var err error
	if r.server, err = New(set, slog.New(slog.NewTextHandler(r.log, nil)), records); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + ln.Addr().String()
	var ctx context.Context
	ctx, r.stop = context.WithCancel(context.Background())
	t.Cleanup(r.stop)
	go func() { r.ended <- r.server.Run(ctx, ln, r.reload, load) }()
	return r
}

// said waits until the server's log contains a line.
func (r *running) said(t *testing.T, line string) {
	t.Helper()
	for range 500 {
		if strings.Contains(r.log.String(), line) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the server's log: %s\nexpected %s", r.log, line)
}

// closed waits until no new connection is accepted.
func (r *running) closed() {
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			return
		}
		conn.Close()
		time.Sleep(5 * time.Millisecond)
	}
}

// client has connections of its own. Those of [http.DefaultClient] break when a test that runs at the
// same time closes an [httptest.Server].
var client = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}

func ask(t *testing.T, url, text string) (model string, err error) {
	t.Helper()
	res, err := client.Post(url+"/v1/chat/completions", "", strings.NewReader(chat("routellm", text)))
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.Header.Get("X-Routellm-Model"), err
}

// held returns an upstream that sends on asked when it gets a request, and answers after a
// value on let.
func held(t *testing.T) (f *fake, asked, let chan bool) {
	asked, let = make(chan bool), make(chan bool)
	f = newFake(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		select {
		case <-let:
			fine(w, r)
		case <-r.Context().Done():
		}
	})
	return f, asked, let
}

// TestReload changes the settings while a request is under way.
func TestReload(t *testing.T) {
	old, asked, let := held(t)
	next := newFake(t, fine)
	load := func() (Settings, error) {
		set := settings(t, next.URL, next.URL)
		set.Listen = "127.0.0.1:1"
		return set, nil
	}
	r := run(t, settings(t, old.URL, old.URL), func() (Settings, error) { return load() })
	under := make(chan error, 1)
	go func() { _, err := ask(t, r.url, easy); under <- err }()
	<-asked
	r.reload <- os.Interrupt
	r.said(t, `msg="the addresses, the use of TLS, max_connections and the log settings change only with a restart"`) // the last line of a reload
	inForce := "router=words threshold=10 strong=big@%s/v1 weak=small@%s/v1"
	r.said(t, "msg=listening address="+r.url+" "+strings.ReplaceAll(inForce, "%s", old.URL))
	r.said(t, "msg=reloaded "+strings.ReplaceAll(inForce, "%s", next.URL))
	if _, err := ask(t, r.url, easy); err != nil || next.count() != 1 {
		t.Errorf("a new request: %v, %d at the new upstream", err, next.count())
	}
	let <- true
	if err := <-under; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	load = func() (Settings, error) { return Settings{}, errors.New("line 3 is wrong") }
	r.reload <- os.Interrupt
	r.said(t, `msg="not reloaded: the old settings stay in force" error="line 3 is wrong"`)
	if _, err := ask(t, r.url, easy); err != nil || next.count() != 2 {
		t.Errorf("after a failed reload: %v, %d at the new upstream", err, next.count())
	}
}

// TestReloadStaysClosed expects new settings to be refused if they would let everyone in at
// the old address, even if they are safe at their own.
func TestReloadStaysClosed(t *testing.T) {
	f := newFake(t, fine)
	set := settings(t, f.URL, f.URL)
	set.Listen, set.Insecure = "0.0.0.0:1", true
	r := run(t, set, func() (Settings, error) {
		next := settings(t, f.URL, f.URL)
		next.Listen = "127.0.0.1:1"
		return next, nil
	})
	for range 2 { // refused settings must not leave their address behind
		r.reload <- os.Interrupt
	}
	r.said(t, `msg="not reloaded: the old settings stay in force" error="the server stays on \"0.0.0.0:1\" until a restart, where other machines could reach it without a key: keep api_key_file or insecure"`)
}

// TestReloadUnderLoad expects no request to fail while settings are reloaded.
func TestReloadUnderLoad(t *testing.T) {
	f := newFake(t, fine)
	set := settings(t, f.URL, f.URL)
	r := run(t, set, func() (Settings, error) { return set, nil })
	failed := make(chan error, 4)
	for range 4 {
		go func() {
			var err error
			for range 100 {
				if _, e := ask(t, r.url, easy); e != nil {
					err = e
				}
			}
			failed <- err
		}()
	}
	for range 4 {
		for done := false; !done; {
			select {
			case err := <-failed:
				done = true
				if err != nil {
					t.Error(err)
				}
			case r.reload <- os.Interrupt:
			}
		}
	}
}

// TestDrain expects the request under way to end and no new connection to be accepted.
func TestDrain(t *testing.T) {
	f, asked, let := held(t)
	r := run(t, settings(t, f.URL, f.URL), nil)
	under := make(chan error, 1)
	go func() { _, err := ask(t, r.url, easy); under <- err }()
	<-asked
	r.stop()
	r.closed()
	let <- true
	if err, ended := <-under, <-r.ended; err != nil || ended != nil {
		t.Errorf("request: %v, server: %v", err, ended)
	}
}

// TestDrainLate answers the last request shortly before the time is over, between two looks of
// net/http at the connections: a request that was answered was not cut off.
func TestDrainLate(t *testing.T) {
	f, asked, let := held(t)
	set := settings(t, f.URL, f.URL)
	set.DrainTimeout = 900 * time.Millisecond
	r := run(t, set, nil)
	under := make(chan error, 1)
	go func() { _, err := ask(t, r.url, easy); under <- err }()
	<-asked
	r.stop()
	r.said(t, "msg=draining")
	time.Sleep(650 * time.Millisecond)
	go func() { let <- true }()
	if err, ended := <-under, <-r.ended; err == nil && ended != nil {
		t.Errorf("the request was answered, but the server ended with %v", ended)
	}
}

// TestDrainCuts expects the server to end although a request does not, and to log it.
func TestDrainCuts(t *testing.T) {
	f, asked, _ := held(t)
	set := settings(t, f.URL, f.URL)
	set.DrainTimeout = 50 * time.Millisecond
	path := filepath.Join(t.TempDir(), "decisions.jsonl")
	records, err := decisionlog.Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	r := runLogged(t, set, nil, records)
	under := make(chan error, 1)
	go func() { _, err := ask(t, r.url, easy); under <- err }()
	<-asked
	r.stop()
	if err, ended := <-under, <-r.ended; err == nil || !errors.Is(ended, ErrCut) {
		t.Errorf("request: %v, server: %v", err, ended)
	}
	var logged []decisionlog.Record
	if _, err := decisionlog.Read(path, func(r decisionlog.Record) error { logged = append(logged, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(logged) != 1 || logged[0].Error != "drain_timeout" || logged[0].Status != 499 {
		t.Errorf("logged %+v", logged)
	}
}

// TestDrainDelay expects a server that is about to end to take requests for a while, to tell load
// balancers, and to close the connections of clients one by one.
func TestDrainDelay(t *testing.T) {
	t.Parallel()
	f, asked, let := held(t)
	set := settings(t, f.URL, f.URL)
	set.DrainDelay = 3 * time.Second
	r := run(t, set, nil)
	get := func(path string) *http.Response {
		t.Helper()
		res, err := client.Get(r.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		return res
	}
	if res := get("/ready"); res.StatusCode != 200 || res.Close {
		t.Errorf("/ready: status %d, closes %v", res.StatusCode, res.Close)
	}
	r.stop()
	r.said(t, "msg=\"leaving")
	if res := get("/ready"); res.StatusCode != 503 || !res.Close {
		t.Errorf("/ready: status %d, closes %v", res.StatusCode, res.Close)
	}
	if res := get("/health"); res.StatusCode != 200 {
		t.Errorf("/health: status %d", res.StatusCode)
	}
	under := make(chan error, 1)
	go func() { _, err := ask(t, r.url, easy); under <- err }()
	<-asked // a request that comes after the signal
	r.said(t, "msg=draining")
	r.closed()
	let <- true
	if err := <-under; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
}
