package ask

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/store"
)

// model answers after a second with the last message, and counts what it is asked.
type model struct {
	identity string
	answer   func(r chat.Request) (chat.Answer, error)

	mu    sync.Mutex
	asked map[string]int
}

func (m *model) Identity() string { return m.identity }

func (m *model) Ask(ctx context.Context, r chat.Request) (chat.Answer, error) {
	text := r.Messages[len(r.Messages)-1].Content
	m.mu.Lock()
	if m.asked == nil {
		m.asked = map[string]int{}
	}
	m.asked[text]++
	m.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return chat.Answer{}, ctx.Err()
	}
	if m.answer != nil {
		return m.answer(r)
	}
	return answerOf(text), nil
}

func (m *model) requests() (n int) {
	for _, k := range m.asked {
		n += k
	}
	return n
}

// answerOf returns an answer without a cost, of 100 tokens to 10.
func answerOf(text string) chat.Answer {
	nan := math.NaN()
	return chat.Answer{Text: text, Finish: "stop", InputTokens: 10, OutputTokens: 100, CachedTokens: nan, CostUSD: nan, Latency: 1, Requests: 1}
}

func about(text string) chat.Request {
	return chat.Request{Messages: []chat.Message{{Role: "user", Content: text}}}
}

// limited returns a request with at most 1,000 tokens of answer.
func limited(text string) chat.Request {
	r, n := about(text), 1000
	r.Settings.MaxTokens = &n
	return r
}

// equal compares answers with NaN equal to NaN.
func equal(a, b chat.Answer) bool { return described(a) == described(b) }

func described(a chat.Answer) string {
	signals := fmt.Sprintf("%+v", a.Signals) // follows the pointer
	a.Signals = nil
	return fmt.Sprintf("%+v, signals %s", a, signals)
}

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), dir, "answers")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func ask(t *testing.T, a *Asker, r chat.Request, wantCached bool) chat.Answer {
	t.Helper()
	got, cached, err := a.Ask(context.Background(), r)
	if err != nil || cached != wantCached {
		t.Fatalf("%v: cached %v, error %v", r.Messages, cached, err)
	}
	return got
}

func TestEachQuestionIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, m := t.TempDir(), &model{identity: "m"}
		a := New(m, Options{Store: openStore(t, dir)})
		if _, ok, err := a.Known(about("x")); ok || err != nil {
			t.Errorf("known before: %v, %v", ok, err)
		}
		first := ask(t, a, about("x"), false)
		if !equal(first, answerOf("x")) {
			t.Errorf("answer %+v", first)
		}
		again := New(m, Options{Store: openStore(t, dir)})
		second := ask(t, again, about("x"), true)
		if first.Requests = 0; !equal(first, second) {
			t.Errorf("from the store %+v, before %+v", second, first)
		}
		if known, ok, err := again.Known(about("x")); !ok || err != nil || !equal(known, second) {
			t.Errorf("known %+v, %v, %v", known, ok, err)
		}
		ask(t, New(&model{identity: "other"}, Options{Store: openStore(t, dir)}), about("x"), false)
		repeat := about("x")
		repeat.Sample = 1
		ask(t, a, repeat, false)
		if m.asked["x"] != 2 {
			t.Errorf("asked %v", m.asked)
		}
	})
}

func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, kept := &model{}, new(Memory)
		ask(t, New(m, Options{Store: kept}), about("x"), false)
		ask(t, New(m, Options{Store: kept}), about("x"), true)
		ask(t, New(m, Options{Store: new(Memory)}), about("x"), false)
	})
}

func TestAnswersComeBackAsTheyWere(t *testing.T) {
	for name, want := range map[string]chat.Answer{
		"nothing known": {InputTokens: math.NaN(), OutputTokens: math.NaN(), CachedTokens: math.NaN(), CostUSD: math.NaN(), Latency: math.NaN()},
		"shortened":     {Text: "a", Signals: &chat.Signals{Mean: -1, Min: -2, FirstEntropy: math.NaN()}},
		"all known": {
			Text: "a\u2028<b>", Finish: "length", InputTokens: 1, OutputTokens: 2, CachedTokens: 0, CostUSD: 0.1 + 0.2, Latency: 1. / 3, Model: "m-2", Requests: 3,
			Tokens: []chat.Token{{Text: "a", Logprob: -0.1, Top: []chat.Alternative{{Text: "a", Logprob: -0.1}, {Text: "b", Logprob: math.NaN()}}}, {Text: "", Logprob: math.NaN()}},
		},
	} {
		value, err := encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := New(&model{}, Options{}).decode(value)
		if err != nil || !equal(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
}

// TestEverythingInAnAnswerIsKept sets each field in turn: a field that is added to answers must be stored.
func TestEverythingInAnAnswerIsKept(t *testing.T) {
	want := answerOf("x")
	want.Tokens = []chat.Token{{Text: "a", Top: []chat.Alternative{{Text: "b"}}}}
	want.Signals = &chat.Signals{}
	seen := map[string]bool{}
	each(reflect.ValueOf(&want).Elem(), "answer", func(name string) {
		value, err := encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := New(&model{}, Options{}).decode(value)
		if err != nil || !equal(got, want) || seen[string(value)] {
			t.Errorf("%s: %s, %v, want %s", name, described(got), err, described(want))
		}
		seen[string(value)] = true
	})
	if len(seen) < 14 {
		t.Errorf("only %d fields", len(seen))
	}
}

func TestEqualQuestionsShareARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{}
		a := New(m, Options{})
		var sent atomic.Int32
		var g sync.WaitGroup
		for range 10 {
			g.Go(func() {
				got, cached, err := a.Ask(context.Background(), about("x"))
				if err != nil || got.Text != "x" {
					t.Errorf("%+v, %v", got, err)
				}
				if !cached {
					sent.Add(1)
				}
			})
		}
		g.Wait()
		if m.requests() != 1 || sent.Load() != 1 {
			t.Errorf("%d requests, of %d callers, want 1 and 1", m.requests(), sent.Load())
		}
		ask(t, a, about("x"), false) // without a store nothing is kept
	})
}

// TestOneWhoStopsDoesNotStopOthers cancels the one who asks while another waits for the answer.
func TestOneWhoStopsDoesNotStopOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{}
		a := New(m, Options{})
		ctx, cancel := context.WithCancel(context.Background())
		var g sync.WaitGroup
		g.Go(func() {
			if _, _, err := a.Ask(ctx, about("x")); !errors.Is(err, context.Canceled) || !Fatal(err) {
				t.Errorf("error %v", err)
			}
		})
		synctest.Wait()
		g.Go(func() { ask(t, a, about("x"), false) })
		synctest.Wait()
		impatient, stop := context.WithTimeout(context.Background(), time.Millisecond)
		defer stop()
		if _, _, err := a.Ask(impatient, about("x")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		cancel()
		g.Wait()
		if m.requests() != 2 {
			t.Errorf("%d requests", m.requests())
		}
	})
}

// TestWhatHasNoAnswer is not kept, and costs nothing unless an answer may have been made.
func TestWhatHasNoAnswer(t *testing.T) {
	price := pricelist.PerMillion(1, 10)
	const most = 0.010145 // of the request below: 1,000 tokens of answer, and at most 145 of the prompt
	for name, c := range map[string]struct {
		err   error
		fatal bool
		spent float64
	}{
		"refused":   {&chat.Refused{Status: 400, Err: errors.New("too long")}, false, 0},
		"busy":      {&chat.Fault{Status: 503, Err: errors.New("busy")}, false, 0},
		"wrong key": {&chat.Fault{Status: 401, Final: true, Err: errors.New("wrong key")}, true, 0},
		"no server": {&chat.Fault{Err: fmt.Errorf("asking: %w", &net.OpError{Op: "dial", Err: errors.New("refused")})}, false, 0},
		"cut":       {&chat.Fault{Err: &net.OpError{Op: "read", Err: errors.New("reset")}}, false, most},
		"late":      {&chat.Fault{Err: context.DeadlineExceeded}, false, most},
		"nonsense":  {&chat.Fault{Status: 200, Err: errors.New("no JSON")}, false, most},
		"cancelled": {context.Canceled, true, most},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &model{answer: func(chat.Request) (chat.Answer, error) { return chat.Answer{Requests: 3}, c.err }}
			b := pace.NewBudget(1)
			a := New(m, Options{Store: openStore(t, t.TempDir()), Budget: b, Price: &price})
			for n := range 2 {
				if _, cached, err := a.Ask(context.Background(), limited("x")); cached || !errors.Is(err, c.err) || Fatal(err) != c.fatal {
					t.Errorf("%s: cached %v, error %v", name, cached, err)
				}
				if want := float64(n+1) * c.spent; math.Abs(b.Spent()-want) > 1e-12 {
					t.Errorf("%s: spent %v, want %v", name, b.Spent(), want)
				}
			}
			m.answer = nil
			ask(t, a, limited("x"), false)
		})
	}
}

func TestCosts(t *testing.T) {
	price := pricelist.PerMillion(1, 10)
	short := price
	short.Limit = 9
	own, cached := answerOf("x"), answerOf("x")
	own.CostUSD = 0.25
	cached.CachedTokens = 4
	discount := price
	discount.CachedInput = 0.5
	for name, c := range map[string]struct {
		price  *pricelist.Price
		answer chat.Answer
		want   float64
	}{
		"price":           {&price, answerOf("x"), 0.00101},
		"server's own":    {&price, own, 0.25},
		"own, no price":   {nil, own, 0.25},
		"no price":        {nil, answerOf("x"), math.NaN()},
		"cached tokens":   {&discount, cached, 0.001008},
		"other price":     {&short, answerOf("x"), math.NaN()},
		"tokens missing":  {&price, chat.Answer{InputTokens: 10, OutputTokens: math.NaN(), CostUSD: math.NaN()}, math.NaN()},
		"unlikely tokens": {&price, chat.Answer{InputTokens: 10, OutputTokens: -5, CostUSD: math.NaN()}, math.NaN()},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &model{answer: func(chat.Request) (chat.Answer, error) { return c.answer, nil }}
			a := New(m, Options{Price: c.price})
			got := ask(t, a, about("x"), false).CostUSD
			if math.Abs(got-c.want) > 1e-15 || math.IsNaN(got) != math.IsNaN(c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		})
	}
}

func TestBudgetIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		price := pricelist.PerMillion(1, 10)
		dir, m, b := t.TempDir(), &model{}, pace.NewBudget(0.05)
		run := func(b *pace.Budget) (answered int) {
			a := New(m, Options{Store: openStore(t, dir), Budget: b, Price: &price, Pacer: pace.New(pace.Limits{Concurrency: 8})})
			var mu sync.Mutex
			var g sync.WaitGroup
			for i := range 100 {
				g.Go(func() {
					_, _, err := a.Ask(context.Background(), limited(fmt.Sprint(i)))
					if err != nil && (!errors.Is(err, ErrBudget) || !Fatal(err)) {
						t.Error(err)
					}
					mu.Lock()
					if err == nil {
						answered++
					}
					mu.Unlock()
				})
			}
			g.Wait()
			return answered
		}
		first := run(b)
		if spent := b.Spent(); spent > 0.05 || spent < 0.035 || m.requests() != first {
			t.Errorf("spent %v for %d of %d requests", spent, first, m.requests())
		}
		if rest := run(pace.NewBudget(math.Inf(1))); rest != 100 || m.requests() != 100 {
			t.Errorf("%d answers, %d requests", rest, m.requests())
		}
	})
}

func TestABudgetNeedsBounds(t *testing.T) {
	price, free := pricelist.PerMillion(1, 10), pricelist.PerMillion(0, 0)
	short := price
	short.Limit = 1000
	for name, c := range map[string]struct {
		price *pricelist.Price
		r     chat.Request
		want  string
	}{
		"no price":    {nil, limited("x"), "needs the price"},
		"no limit":    {&price, about("x"), "needs a limit of the tokens"},
		"free":        {&free, about("x"), ""},
		"both":        {&price, limited("x"), ""},
		"much asked":  {&price, limited(strings.Repeat("x", 2e6)), "budget is spent"},
		"short price": {&short, limited(strings.Repeat("x", 2000)), "the price holds up to 1000"},
		"many tokens": {&price, limited(strings.Repeat("x", 9e5)), ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := New(&model{}, Options{Price: c.price, Budget: pace.NewBudget(1)})
			_, _, err := a.Ask(context.Background(), c.r)
			if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || Fatal(err) == (c.price == &short)) {
				t.Errorf("%s: error %v", name, err)
			}
			if strings.Contains(c.want, "needs") && len(hint.Of(err)) == 0 {
				t.Errorf("%s: no hint", name)
			}
		})
	}
}

func TestEstimate(t *testing.T) {
	price := pricelist.PerMillion(1, 10)
	a := New(&model{}, Options{Price: &price})
	r := limited(strings.Repeat("word ", 800)) // about 1,000 tokens
	if least, most := a.Estimate(r); least < 0.0006 || least > 0.0008 || most < 0.0112 || most > 0.0118 {
		t.Errorf("from %v to %v", least, most)
	}
	if least, most := a.Estimate(about("x")); !(least < 1e-5) || !math.IsInf(most, 1) {
		t.Errorf("from %v to %v", least, most)
	}
	if least, most := New(&model{}, Options{}).Estimate(r); !math.IsNaN(least) || !math.IsNaN(most) {
		t.Errorf("from %v to %v", least, most)
	}
	r.Messages[0].Parts = []byte(`[{"type":"text","text":"word"},{"type":"image_url","image_url":{"url":"data:` + strings.Repeat("x", 9000) + `"}}]`)
	r.Settings.System = "Be brief."
	if n := a.Tokens(r); n < 12 || n > 30 {
		t.Errorf("%v tokens", n)
	}
	a = New(&model{}, Options{Count: func(text string) int { return len(text) }})
	if n := a.Tokens(about("12345")); n != 12 {
		t.Errorf("%v tokens", n)
	}
}

// broken is a store on a full disk.
type broken struct{ get, put error }

func (b broken) Get([32]byte) ([]byte, bool, error) { return nil, false, b.get }
func (b broken) Put([32]byte, []byte) error         { return b.put }

func TestStoresThatFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		got, _, err := New(&model{}, Options{Store: broken{put: full}}).Ask(context.Background(), about("x"))
		if !errors.Is(err, full) || !Fatal(err) || got.Text != "x" {
			t.Errorf("%+v, error %v", got, err)
		}
		m := &model{}
		if _, _, err := New(m, Options{Store: broken{get: full}}).Ask(context.Background(), about("x")); !errors.Is(err, full) || !Fatal(err) || m.requests() != 0 {
			t.Errorf("error %v, %d requests", err, m.requests())
		}
	})
}

// TestDigests holds that everything in a request distinguishes answers, and that digests of earlier
// releases stay as they are: answers that were paid for would be lost.
func TestDigests(t *testing.T) {
	seen := map[[32]byte]string{}
	note := func(name, identity string, r chat.Request) {
		t.Helper()
		d, err := digest(identity, r)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[d]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[d] = name
	}
	note("plain", "", about("x"))
	note("identity", "m", about("x"))
	note("invalid", "", about("\xff"))
	note("replaced", "", about("\uFFFD"))
	note("two messages", "", chat.Request{Messages: []chat.Message{{Role: "user", Content: "x"}, {Role: "user"}}})
	note("no messages", "", chat.Request{})
	r := about("x")
	each(reflect.ValueOf(&r).Elem(), "request", func(name string) { note(name, "", r) })
	if len(seen) < 6+9 {
		t.Errorf("only %d digests", len(seen))
	}
	temperature, seed := 0.25, int64(-3)
	r = limited("x")
	r.Settings.System, r.Settings.Temperature, r.Settings.Seed, r.Settings.TopLogprobs, r.Sample = "s", &temperature, &seed, 5, 2
	r.Messages = append(r.Messages, chat.Message{Role: "assistant", Parts: []byte("[]")})
	d, err := digest("m", r)
	if got, want := fmt.Sprintf("%x", d), "bac60927241fc63fd5423d3e77d5d16b529cdeafe560aef138ba74f26a745cb4"; err != nil || got != want {
		t.Errorf("digest %s, %v, want %s", got, err, want)
	}
	*r.Settings.Temperature = math.NaN()
	if _, err := digest("m", r); err == nil {
		t.Error("no error for a temperature that is not a number")
	}
}

// each sets every field below v in turn, calls f, and sets it back.
func each(v reflect.Value, name string, f func(name string)) {
	zero := reflect.New(v.Type()).Elem()
	zero.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			each(v.Field(i), name+"."+v.Type().Field(i).Name, f)
		}
		return
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			for i := range v.Len() {
				each(v.Index(i), name, f)
			}
			return
		}
		v.SetBytes([]byte("[]"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem())) // a pointer to 0 differs from none
	case reflect.String:
		v.SetString(v.String() + "x")
	default:
		v.Set(reflect.ValueOf(7).Convert(v.Type()))
	}
	f(name)
	v.Set(zero)
}
