package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver/scripted"
	"github.com/routellm/routellm/routers/encoder"
)

// request is the JSON body of a request.
type request struct {
	Input      []string
	Model      string
	Dimensions *int
}

func parse(t *testing.T, body string) (r request) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// embed answers with vectors of 3 components that distinguish the texts, in reverse
// order.
func embed(w http.ResponseWriter, r *http.Request) {
	var got request
	if err := json.Unmarshal([]byte(scripted.Body(r)), &got); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var rows []string
	for i, text := range slices.Backward(got.Input) {
		v, _ := json.Marshal(want(text))
		rows = append(rows, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":%s}`, i, v))
	}
	fmt.Fprintf(w, `{"object":"list","data":[%s],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}`, strings.Join(rows, ","))
}

func want(text string) []float32 {
	sum := 0
	for i := range len(text) {
		sum = (31*sum + int(text[i])) % 65521
	}
	return []float32{float32(len(text)), float32(sum), 0.1}
}

func newEncoder(t *testing.T, o Options) *Encoder {
	t.Helper()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func checkVectors(t *testing.T, got [][]float32, texts []string) {
	t.Helper()
	if len(got) != len(texts) {
		t.Fatalf("%d vectors, want %d", len(got), len(texts))
	}
	for i, text := range texts {
		if !slices.Equal(got[i], want(text)) {
			t.Fatalf("text %d %.40q: %v, want %v", i, text, got[i], want(text))
		}
	}
}

func TestEncode(t *testing.T) {
	s := scripted.Start(t, embed)
	for _, base := range []string{"/v1", "/v1/"} {
		e := newEncoder(t, Options{BaseURL: s.URL + base, Key: "secret", Model: "m"})
		got, err := e.Encode(context.Background(), []string{"one", "", "a\xffb", "<three>"})
		if err != nil {
			t.Fatal(err)
		}
		checkVectors(t, got, []string{"one", " ", "a\uFFFDb", "<three>"})
	}
	for _, r := range s.Requests() {
		sent := parse(t, r.Body)
		if r.Path != "/v1/embeddings" || r.Key != "Bearer secret" || sent.Model != "m" || sent.Dimensions != nil {
			t.Errorf("request %+v", r)
		}
	}
}

func TestNoTextsNoRequest(t *testing.T) {
	s := scripted.Start(t, embed)
	got, err := newEncoder(t, Options{BaseURL: s.URL}).Encode(context.Background(), nil)
	if len(got) != 0 || err != nil || len(s.Requests()) != 0 {
		t.Errorf("%v, %v, %d requests", got, err, len(s.Requests()))
	}
}

func TestDimensionsAndTheDefaultModelAreSent(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1") // Options must win over the environment
	t.Setenv("OPENAI_API_KEY", "ambient")
	s := scripted.Start(t, embed)
	if _, err := newEncoder(t, Options{BaseURL: s.URL, Dimensions: 3}).Encode(context.Background(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	if sent := parse(t, r.Body); sent.Dimensions == nil || *sent.Dimensions != 3 || sent.Model != DefaultModel || r.Key != "" {
		t.Errorf("request %+v", r)
	}
}

func TestBatches(t *testing.T) {
	many := make([]string, 2*maxTexts+1)
	for i := range many {
		many[i] = fmt.Sprint("text ", i)
	}
	half := strings.Repeat("x", maxBytes/2)
	for name, c := range map[string]struct {
		texts []string
		want  []int // sizes of requests, ascending
	}{
		"count":         {many, []int{1, maxTexts, maxTexts}},
		"size":          {[]string{half, half, "a", half, "b"}, []int{2, 3}},
		"one too large": {[]string{"a", half + half + "y", "b"}, []int{1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s, last := scripted.Start(t, embed), 0
			e := newEncoder(t, Options{BaseURL: s.URL, Progress: func(done, total int) {
				if done <= last || total != len(c.texts) {
					t.Errorf("%d of %d after %d", done, total, last)
				}
				last = done
			}})
			got, err := e.Encode(context.Background(), c.texts)
			if err != nil {
				t.Fatal(err)
			}
			checkVectors(t, got, c.texts)
			var sizes []int
			for _, r := range s.Requests() {
				sizes = append(sizes, len(parse(t, r.Body).Input))
			}
			slices.Sort(sizes)
			if !slices.Equal(sizes, c.want) || last != len(c.texts) {
				t.Errorf("requests of %v texts, want %v; %d done", sizes, c.want, last)
			}
		})
	}
}

// TestAnswersThatAreNotUsable checks the message for each kind of unusable answer.
func TestAnswersThatAreNotUsable(t *testing.T) {
	rows := func(rows string) string { return `{"data":[` + rows + `]}` }
	for answer, want := range map[string]string{
		rows(`{"index":0,"embedding":[1,2]}`): `no vector has index 1, expected one for each of 2 texts`,
		rows(``):                              `no vector has index 0, expected one for each of 2 texts`,
		`{}`:                                  `no vector has index 0, expected one for each of 2 texts`,
		rows(`{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}`):     `two vectors have index 0`,
		rows(`{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}`):     `a vector has index 2, expected 0 to 1`,
		rows(`{"index":-1,"embedding":[1,2]}`):                                  `a vector has index -1, expected 0 to 1`,
		rows(`{"embedding":[1,2]},{"index":1,"embedding":[1,2]}`):               `vector 1 of the answer has no index`,
		rows(`{"index":0,"embedding":[1,2,3]},{"index":1,"embedding":[1,2]}`):   `index 0: the vector has 3 components, expected 2`,
		rows(`{"index":0,"embedding":[1,null]},{"index":1,"embedding":[1,2]}`):  `index 0: component 2 is null, expected a number`,
		rows(`{"index":0,"embedding":[1,"NaN"]},{"index":1,"embedding":[1,2]}`): `not the expected JSON`,
		rows(`{"index":0,"embedding":[1,NaN]}`):                                 `not the expected JSON`,
		rows(`{"index":0,"embedding":[1,1e39]}`):                                `not the expected JSON`,
		rows(`{"index":0,"embedding":[]}`):                                      `index 0: the vector is empty`,
		rows(`{"index":0,"embedding":null}`):                                    `index 0: the vector is empty`,
		`<html>hello</html>`:                                                    `"<html>hello</html>"`,
		``:                                                                      `unexpected end of JSON input`,
		"<" + strings.Repeat("x", 1000):                                         strings.Repeat("x", 299) + `..."`,
	} {
		s := scripted.Start(t, scripted.Answer(200, answer))
		got, err := newEncoder(t, Options{BaseURL: s.URL + "/v1", Dimensions: 2}).Encode(context.Background(), []string{"a", "b"})
		if prefix := fmt.Sprintf("answer from %q: ", s.URL+"/v1/embeddings"); err == nil || got != nil ||
			!strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: error %v, want %s", answer, err, want)
		}
	}
}

func TestVectorsOfTwoLengths(t *testing.T) {
	one, two := `{"data":[{"index":0,"embedding":[1]}]}`, `{"data":[{"index":0,"embedding":[1,2]}]}`
	s := scripted.Start(t, scripted.Answer(200, one), scripted.Answer(200, two))
	long := strings.Repeat("x", maxBytes)
	_, err := newEncoder(t, Options{BaseURL: s.URL}).Encode(context.Background(), []string{long, long})
	if err == nil || !strings.Contains(err.Error(), "the vector of prompt 2 has ") {
		t.Errorf("error %v", err)
	}
}

func TestOptionsThatAreNotUsable(t *testing.T) {
	for want, o := range map[string]Options{
		"OPENAI_API_KEY is not set": {},
		"OPENAI_API_KEY is not":     {BaseURL: PublicURL + "/"},
		`base URL "localhost:8080": expected http:// or https:// and a host`: {BaseURL: "localhost:8080"},
		`base URL "http://"`: {BaseURL: "http://"},
		`base URL "%"`:       {BaseURL: "%"},
		"dimensions -1":      {BaseURL: "http://localhost", Dimensions: -1},
	} {
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := New(Options{Key: "k"}); err != nil {
		t.Error(err)
	}
}

func TestIdentity(t *testing.T) {
	at := func(o Options) *Encoder {
		if o.BaseURL == "" {
			o.Key = "k"
		}
		return newEncoder(t, o)
	}
	base := at(Options{})
	if got := base.Identity(); got.Name != "openai:text-embedding-3-small" || len(got.SHA256) != 64 {
		t.Errorf("identity %v", got)
	}
	proxy := at(Options{BaseURL: "http://u:password@proxy/v1"})
	if proxy.Identity() != base.Identity() || proxy.CacheKey() == base.CacheKey() || strings.Contains(proxy.CacheKey(), "password") {
		t.Errorf("%v and %v", proxy.CacheKey(), base.CacheKey())
	}
	if other := at(Options{BaseURL: "http://u:password@proxy/v1/"}); other.CacheKey() != proxy.CacheKey() {
		t.Errorf("a trailing slash changes the cache key: %v", other.CacheKey())
	}
	seen := map[encoder.Identity]Options{}
	for _, o := range []Options{{}, {Dimensions: 1536}, {Dimensions: 15}, {Model: "m"}, {Model: "m", Dimensions: 1536}} {
		id := at(o).Identity()
		if first, twice := seen[id]; twice {
			t.Errorf("%v has the identity of %v", o, first)
		}
		seen[id] = o
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	e := newEncoder(t, Options{BaseURL: "http://" + l.Addr().String()})
	e.client.Retries = 1
	_, err = e.Encode(context.Background(), []string{"a"})
	if err == nil || !strings.HasPrefix(err.Error(), "no connection to ") || !strings.Contains(err.Error(), "refused") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := scripted.Start(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newEncoder(t, Options{BaseURL: s.URL}).Encode(ctx, []string{"a"})
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "asking ") {
		t.Errorf("error %v", err)
	}
	if _, err = newEncoder(t, Options{BaseURL: s.URL}).Encode(ctx, []string{"a"}); !errors.Is(err, context.Canceled) || len(s.Requests()) != 1 {
		t.Errorf("error %v, %d requests", err, len(s.Requests()))
	}
}

func TestConnectionCut(t *testing.T) {
	s := scripted.Start(t, scripted.Cut(""), embed)
	got, err := newEncoder(t, Options{BaseURL: s.URL}).Encode(context.Background(), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, got, []string{"a"})

	s = scripted.Start(t, scripted.Cut("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"data\":["))
	_, err = newEncoder(t, Options{BaseURL: s.URL}).Encode(context.Background(), []string{"a"})
	if err == nil || !strings.Contains(err.Error(), "broke off") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v", err)
	}
}

func TestARefusedBatchIsNamed(t *testing.T) {
	s := scripted.Start(t, func(w http.ResponseWriter, r *http.Request) {
		if len(parse(t, scripted.Body(r)).Input) == 2 {
			scripted.Answer(422, `{"detail":"no"}`)(w, r)
			return
		}
		<-r.Context().Done()
	})
	_, err := newEncoder(t, Options{BaseURL: s.URL}).Encode(context.Background(), slices.Repeat([]string{"a"}, maxTexts+2))
	if err == nil || !strings.HasPrefix(err.Error(), "prompt 257 (first of a batch of 2): ") ||
		!strings.HasSuffix(err.Error(), `422 Unprocessable Entity: "{\"detail\":\"no\"}"`) {
		t.Errorf("error %v", err)
	}
}
