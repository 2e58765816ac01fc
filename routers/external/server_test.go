package external

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/routers"
)

var _ routers.Router = (*Server)(nil)

// open returns a router that asks the handler and hardly waits between retries.
func open(t *testing.T, handler http.HandlerFunc) *Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s, err := OpenServer(server.URL + "/score?v=1")
	if err != nil {
		t.Fatal(err)
	}
	s.wait = time.Millisecond
	return s
}

// lengths serves scores: the score is the length of the prompt in bytes.
func lengths(w http.ResponseWriter, r *http.Request) {
	var body struct{ Prompts []question }
	if json.NewDecoder(r.Body).Decode(&body) != nil || r.Method != http.MethodPost || r.URL.String() != "/score?v=1" ||
		r.Header.Get("Content-Type") != "application/json" || len(body.Prompts) > batch {
		http.Error(w, "not the request expected", http.StatusBadRequest)
		return
	}
	scores := []map[string]any{}
	for _, q := range body.Prompts {
		scores = append(scores, map[string]any{"id": q.ID, "score": len(q.Prompt)})
	}
	if err := json.NewEncoder(w).Encode(map[string]any{"scores": scores, "model": "m"}); err != nil {
		panic(err)
	}
}

func TestServerScores(t *testing.T) {
	var requests atomic.Int32
	s := open(t, func(w http.ResponseWriter, r *http.Request) { requests.Add(1); lengths(w, r) })
	many := make([]routers.Prompt, 2*batch+1)
	for i := range many {
		many[i] = routers.Prompt{ID: fmt.Sprint(i), Text: strings.Repeat("<\n", i), HasText: true}
	}
	got, err := s.Scores(context.Background(), many)
	if err != nil || len(got) != len(many) || requests.Load() != 3 {
		t.Fatalf("%d scores after %d requests, %v", len(got), requests.Load(), err)
	}
	for i, v := range got {
		if v != float64(2*i) {
			t.Errorf("sample %d: score %v", i, v)
		}
	}
	if got, err := s.Scores(context.Background(), nil); err != nil || len(got) != 0 || requests.Load() != 3 {
		t.Errorf("scores %v, %v after %d requests", got, err, requests.Load())
	}
	_, err = s.Scores(context.Background(), []routers.Prompt{{ID: "a"}})
	checkError(t, err, `sample "a" has no prompt text`)
}

func TestServerErrors(t *testing.T) {
	for answer, parts := range map[string][]string{
		`{"scores": [{"id": "a", "score": 1}]}`: {`at sample "b": only 1 score for 2 prompts`},
		`{"scores": []}`:                        {`at sample "a": only 0 scores for 2 prompts`},
		`{}`:                                    {`at sample "a": only 0 scores for 2 prompts`},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b", "score": 1}, {"id": "c", "score": 1}]}`: {`after the last sample, "b": 3 scores for 2 prompts`},
		`{"scores": [{"id": "b", "score": 1}, {"id": "a", "score": 1}]}`:                          {`at sample "a": the answer has the id "b"`, "in the order of the prompts"},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b", "score": null}]}`:                       {`at sample "b": the answer has no score`},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b"}]}`:                                      {`at sample "b": the answer has no score`},
		`{"scores": [{"score": 1}]}`:                                                              {`at sample "a": the answer has no id`},
		`{"scores": [{"id": "a", "score": NaN}]}`:                                                 {`at sample "a": expected {"id": TEXT, "score": NUMBER}, found "{\"id\": \"a\", \"score\": NaN}"`, "JSON has neither NaN"},
		`{"model": ["m"], "scores": [{"id": "a", "score": 1}, {"id": "b", "score": -Infinity}]}`:  {`at sample "b": expected {"id": TEXT, "score": NUMBER}, found "{\"id\": \"b\", \"score\": -Infinity}"`, "nor infinity"},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b", "sc`:                                    {`at sample "b": expected {"id": TEXT, "score": NUMBER}, found "{\"id\": \"b\", \"sc"`},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b", "score": 1}, NaN]}`:                     {`expected {"scores"`, "JSON has neither NaN"},
		`{"loss": NaN, "scores": [{"id": "a", "score": 1}, {"id": "b", "score": 1}]}`:             {`expected {"scores"`, "JSON has neither NaN"},
		`{"scores": [{"id": "a", "score": 1e999}]}`:                                               {`at sample "a": expected {"id"`},
		`{"scores": [{"id": "a", "score": true}]}`:                                                {`at sample "a": expected {"id"`},
		`{"scores": {"a": 1}}`:              {`expected {"scores"`},
		`<html>` + strings.Repeat("x", 300): {`found "<html>xxx`, `xxx..."`},
		``:                                  {`found ""`},
		`{"scores": [{"id": "a", "score": 1}, {"id": "b", "score": 1}]} more`:                                {`expected {"scores"`},
		`{"scores": [{"id": "a", "score": 1}, {"id": "` + strings.Repeat("b", 1000) + `b", "score": null}]}`: {`at sample "b": the answer has the id "bbb`, `bbb..."`},
	} {
		s := open(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) })
		got, err := s.Scores(context.Background(), prompts("x", "y"))
		checkError(t, err, append(parts, `asking "`+s.url+`" about samples "a" to "b": `)...)
		if got != nil {
			t.Errorf("scores %v beside the error", got)
		}
	}
}

// TestServerTriesAgain checks a server that fails for a while.
func TestServerTriesAgain(t *testing.T) {
	for failures, works := range map[int32]bool{1: true, retries: true, retries + 1: false} {
		var requests atomic.Int32
		s := open(t, func(w http.ResponseWriter, r *http.Request) {
			if requests.Add(1) <= failures {
				http.Error(w, "still loading", http.StatusServiceUnavailable)
				return
			}
			lengths(w, r)
		})
		got, err := s.Scores(context.Background(), prompts("x"))
		if works {
			if err != nil || !slices.Equal(got, []float64{1}) || requests.Load() != failures+1 {
				t.Errorf("%d failures: scores %v, %v after %d requests", failures, got, err, requests.Load())
			}
			continue
		}
		checkError(t, err, `answered 503 Service Unavailable: "still loading\n"`, "tried 4 times")
		if requests.Load() != retries+1 {
			t.Errorf("%d requests", requests.Load())
		}
	}
}

func TestServerTriesOtherErrorsOnce(t *testing.T) {
	for _, handler := range []struct {
		answer http.HandlerFunc
		part   string
	}{
		{func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such path", http.StatusNotFound) }, `answered 404 Not Found: "no such path\n"`},
		{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, `answered 204 No Content: ""`},
		{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
		}, "no complete answer: unexpected EOF"},
		{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "no complete answer: EOF"},
		{func(w http.ResponseWriter, _ *http.Request) {
			text := []byte(strings.Repeat(" ", 1<<20))
			for range maxBody>>20 + 1 {
				if _, err := w.Write(text); err != nil {
					return
				}
			}
		}, "the answer is longer than 67108864 bytes"},
	} {
		var requests atomic.Int32
		s := open(t, func(w http.ResponseWriter, r *http.Request) { requests.Add(1); handler.answer(w, r) })
		_, err := s.Scores(context.Background(), prompts("x"))
		checkError(t, err, handler.part)
		if requests.Load() != 1 {
			t.Errorf("%v: %d requests", err, requests.Load())
		}
	}
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestServerIsNotThere(t *testing.T) {
	address := "http://" + freeAddress(t) + "/"
	s, err := OpenServer(address)
	if err != nil {
		t.Fatal(err)
	}
	s.wait = time.Millisecond
	_, err = s.Scores(context.Background(), prompts("x"))
	checkError(t, err, `asking "`+address+`" about sample "a": dial tcp`, "tried 4 times", "is the server running")
}

func TestServerIsGivenUp(t *testing.T) {
	s := open(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // otherwise the end of the connection goes unnoticed
		<-r.Context().Done()
	})
	s.client.Timeout = 50 * time.Millisecond
	_, err := s.Scores(context.Background(), prompts("x"))
	checkError(t, err, "no answer within 50ms")
}

// TestServerStopsWithTheContext ends the context during an answer and before a retry.
func TestServerStopsWithTheContext(t *testing.T) {
	for _, answers := range []bool{false, true} {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s := open(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // otherwise the end of the connection goes unnoticed
			if answers {
				time.AfterFunc(50*time.Millisecond, cancel)
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			cancel()
			<-r.Context().Done()
		})
		s.wait = time.Hour
		if _, err := s.Scores(ctx, prompts("x")); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the error of the context", err)
		}
	}
}

func TestServerIsSafeForConcurrentUse(t *testing.T) {
	s := open(t, lengths)
	var g sync.WaitGroup
	for i := range 16 {
		g.Go(func() {
			got, err := s.Scores(context.Background(), prompts(strings.Repeat("x", i)))
			if err != nil || !slices.Equal(got, []float64{float64(i)}) {
				t.Errorf("scores %v, %v, expected %d", got, err, i)
			}
		})
	}
	g.Wait()
}

func TestOpenServerRefuses(t *testing.T) {
	for _, address := range []string{"http:", "http:host", "http:/path", "ftp://host/", "//host/", "http://ho st/", "http://[::1/"} {
		_, err := OpenServer(address)
		checkError(t, err, fmt.Sprintf("address %q: expected http://HOST/PATH", address))
	}
	_, err := OpenServer("https://me:secret@host/")
	checkError(t, err, `address "https://me:xxxxx@host/": expected no user and no password`)
}
