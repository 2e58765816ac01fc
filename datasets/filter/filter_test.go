package filter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
)

// lengths scores a text by its length, with digits that only an exact copy keeps.
func lengths(jobs int) Options {
	return Options{Prompt: "prompt", Columns: []string{"score"}, Jobs: jobs, Score: func(_ context.Context, _, texts []string) ([][]float64, error) {
		out := make([]float64, len(texts))
		for i, text := range texts {
			out[i] = scoreOf(text)
		}
		return [][]float64{out}, nil
	}}
}

func scoreOf(text string) float64 { return float64(len(text)) / 7 }

// prompts returns n prompts.
func prompts(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("prompt %d %s", i, strings.Repeat("ä", i%50))
	}
	return out
}

// parquetOf writes prompts, as a file.
func parquetOf(t *testing.T, texts []*string) string {
	t.Helper()
	ids := make([]string, len(texts))
	for i := range ids {
		ids[i] = fmt.Sprint("r", i)
	}
	path := filepath.Join(t.TempDir(), "in.parquet")
	var b bytes.Buffer
	err := datasets.WriteColumns(&b, []datasets.AnyColumn{{Name: "sample_id", Strings: ids}, {Name: "prompt", Texts: texts}}, nil)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// arrowOf writes prompts as a stream in batches.
func arrowOf(t *testing.T, texts []*string, batch int) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Int64}, {Name: "prompt", Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	for from := 0; from < len(texts); from += batch {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for i, s := range texts[from:min(from+batch, len(texts))] {
			b.Field(0).(*array.Int64Builder).Append(int64(from + i))
			if s == nil {
				b.Field(1).AppendNull()
				continue
			}
			b.Field(1).(*array.StringBuilder).Append(*s)
		}
		if err := w.Write(b.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// linesOf writes prompts as lines of JSON.
func linesOf(texts []*string) []byte {
	var b bytes.Buffer
	for i, s := range texts {
		text := []byte("null")
		if s != nil {
			text = gjson.AppendJSONString(nil, *s)
		}
		fmt.Fprintf(&b, "{\"n\": %d.50 ,\"prompt\":%s }\n", i, text)
	}
	return b.Bytes()
}

// pointers returns texts, of which every k-th is nil, and none if k is 0.
func pointers(texts []string, k int) []*string {
	out := make([]*string, len(texts))
	for i := range texts {
		if k == 0 || i%k != k-1 {
			out[i] = &texts[i]
		}
	}
	return out
}

// forms runs all three filters and returns what they write and the scores in it, as text.
func forms(t *testing.T, texts []*string, batch int, o Options) (raw [3][]byte, scores [3][]string, counts [3]Count, errs [3]error) {
	t.Helper()
	ctx := context.Background()
	var b [3]bytes.Buffer
	counts[0], errs[0] = Parquet(ctx, parquetOf(t, texts), "how", &b[0], o)
	counts[1], errs[1] = Arrow(ctx, bytes.NewReader(arrowOf(t, texts, batch)), &b[1], o)
	counts[2], errs[2] = NDJSON(ctx, bytes.NewReader(linesOf(texts)), &b[2], o)
	for i := range b {
		raw[i] = b[i].Bytes()
		if errs[i] == nil {
			scores[i] = readScores(t, raw[i])
		}
	}
	return raw, scores, counts, errs
}

// readScores reads the column of scores in any format.
func readScores(t *testing.T, raw []byte) (out []string) {
	t.Helper()
	table, err := rows.Open(context.Background(), "-", rows.Options{Stdin: bytes.NewReader(raw)})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	err = table.Scan(context.Background(), []string{"score"}, func(r rows.Row) error {
		out = append(out, strings.Clone(r.Cells[0].Text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFormsAgree expects the same scores in all formats, and the same bytes with any number of jobs.
func TestFormsAgree(t *testing.T) {
	for _, n := range []int{1, 1023, 1024, 1025, 5000} {
		texts := prompts(n)
		var want []string
		for _, text := range texts {
			want = append(want, fmt.Sprint(scoreOf(text)))
		}
		var first [3][]byte
		for _, jobs := range []int{1, 2, 7} {
			raw, scores, counts, errs := forms(t, pointers(texts, 0), 700, lengths(jobs))
			for i := range errs {
				if errs[i] != nil || counts[i].Rows != n || counts[i].Null != 0 || !slices.Equal(scores[i], want) {
					t.Fatalf("%d rows, %d jobs, format %d: %+v, %v", n, jobs, i, counts[i], errs[i])
				}
			}
			if jobs > 1 && fmt.Sprint(raw) != fmt.Sprint(first) {
				t.Errorf("%d rows: other bytes with %d jobs", n, jobs)
			}
			first = raw
		}
	}
}

// TestNull expects an error that names the row or, with Null, counts of such rows.
func TestNull(t *testing.T) {
	texts := append(prompts(3000), " ", `{"a":1}`)
	_, _, _, errs := forms(t, pointers(texts, 2000), 700, lengths(2))
	for i, err := range errs {
		if err == nil || !strings.HasSuffix(err.Error(), `row 2000, column "prompt": found null, expected a prompt`) {
			t.Errorf("format %d: %v", i, err)
		}
	}
	o := lengths(2)
	o.Null, o.Digests, o.Features = true, true, true
	raw, scores, counts, errs := forms(t, pointers(texts, 2000), 700, o)
	for i := range errs {
		if errs[i] != nil || counts[i].Rows != 3002 || counts[i].Null != 3 || scores[i][1999] != "" || scores[i][3000] != "" || scores[i][3001] != "" || scores[i][2000] == "" {
			t.Errorf("format %d: %+v, %v", i, counts[i], errs[i])
		}
	}
	want := `{"n": 1999.50 ,"prompt":null ,"score":null,"prompt_sha256":null,"prompt_norm_sha256":null,"feature:chars":null,"feature:words":null,"feature:lines":null,"feature:numbers":null}`
	if lines := strings.Split(string(raw[2]), "\n"); lines[1999] != want {
		t.Errorf("line %s", lines[1999])
	}
}

// TestNotUTF8 has bytes that are no text in files of writers that do not check.
func TestNotUTF8(t *testing.T) {
	o := lengths(1)
	in := `{"prompt":"a"}` + "\n" + `{"prompt":"` + "\xff" + `"}` + "\n"
	if _, err := NDJSON(context.Background(), strings.NewReader(in), io.Discard, o); err == nil || !strings.Contains(err.Error(), `row 2, column "prompt": found bytes that are not UTF-8`) {
		t.Error(err)
	}
	o.Null = true
	bad := "\xff"
	if c, err := Arrow(context.Background(), bytes.NewReader(arrowOf(t, []*string{&bad}, 1)), io.Discard, o); err != nil || c.Null != 1 {
		t.Error(c, err)
	}
	var out bytes.Buffer
	c, err := NDJSON(context.Background(), strings.NewReader(in), &out, o)
	if want := `{"prompt":"a","score":0.14285714285714285}` + "\n" + `{"prompt":"` + "\xff" + `","score":null}` + "\n"; err != nil || c.Null != 1 || out.String() != want {
		t.Errorf("%q, %+v, %v", out.String(), c, err)
	}
}

// TestLines keeps the bytes of lines, whatever they look like.
func TestLines(t *testing.T) {
	for in, want := range map[string]string{
		"{\"prompt\":\"a\"}":                        "{\"prompt\":\"a\",\"score\":0.14285714285714285}\n",
		"  {\"prompt\":\"a\"} \r\n\n\t\n":           "  {\"prompt\":\"a\",\"score\":0.14285714285714285} \r\n",
		"{\"x\":{\"score\":1},\"prompt\":\"}\"}\n":  "{\"x\":{\"score\":1},\"prompt\":\"}\",\"score\":0.14285714285714285}\n",
		"{\"prompt\":\"b\",\"prompt\":\"\\u00e4\"}": "{\"prompt\":\"b\",\"prompt\":\"\\u00e4\",\"score\":0.2857142857142857}\n",
		"": "",
	} {
		var out bytes.Buffer
		if _, err := NDJSON(context.Background(), strings.NewReader(in), &out, lengths(2)); err != nil || out.String() != want {
			t.Errorf("%q: %q, %v", in, out.String(), err)
		}
	}
	for _, in := range []string{"{\"prompt\":\"a", "{\"prompt\":\"a\"} x", "[1]", "{\"prompt\":\"a\"}{\"prompt\":\"b\"}", "{}", "{\"prompt\":\"a\",\"score\":1}", "3"} {
		var out bytes.Buffer
		if _, err := NDJSON(context.Background(), strings.NewReader(in), &out, lengths(2)); err == nil || !strings.Contains(err.Error(), "standard input: ") {
			t.Errorf("%q: %q, %v", in, out.String(), err)
		}
	}
}

// TestCutStreams cuts an Arrow stream after each of its bytes, two batches among them.
func TestCutStreams(t *testing.T) {
	whole := arrowOf(t, pointers(prompts(20), 0), 7)
	for n := range len(whole) {
		var out bytes.Buffer
		if c, err := Arrow(context.Background(), bytes.NewReader(whole[:n]), &out, lengths(1)); err == nil {
			t.Fatalf("the first %d of %d bytes give %d rows", n, len(whole), c.Rows)
		}
		if _, err := Arrow(context.Background(), bytes.NewReader(out.Bytes()), io.Discard, Options{Prompt: "prompt", Columns: []string{"again"}, Score: lengths(1).Score, Jobs: 1}); err == nil {
			t.Fatalf("after %d of %d bytes, the output is complete", n, len(whole))
		}
	}
	if _, err := Arrow(context.Background(), bytes.NewReader(append(whole, whole...)), io.Discard, lengths(1)); err == nil {
		t.Error("two streams are taken for one")
	}
}

// TestClash expects an error for a column that exists, or that is missing.
func TestClash(t *testing.T) {
	for _, c := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Columns = []string{"n"} }, `column "n": exists already`},
		{func(o *Options) { o.Columns = []string{"N"} }, `column "n": exists already`},
		{func(o *Options) { o.Prompt = "promt" }, `column "promt" is missing`},
	} {
		o := lengths(1)
		c.change(&o)
		if _, err := Arrow(context.Background(), bytes.NewReader(arrowOf(t, pointers(prompts(1), 0), 1)), io.Discard, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Error(err)
		}
	}
}

// TestPromptTwice expects an error for two columns with prompts.
func TestPromptTwice(t *testing.T) {
	if err := lengths(1).check([]string{"prompt", "n", "prompt"}); err == nil || !strings.Contains(err.Error(), `column "prompt": occurs twice`) {
		t.Error(err)
	}
}

// TestWrongLines expects errors to say what is wrong with a line.
func TestWrongLines(t *testing.T) {
	for in, want := range map[string]string{
		"\xef\xbb\xbf{\"prompt\":\"a\"}\n":      "row 1: found a byte order mark",
		"{\"prompt\":\"a\",\"x\":NaN}\n":        "invalid character 'N'",
		"{\"prompt\":\"a\"}\n{\"prompt\":\"b\n": "row 2: expected a JSON object in one line: ",
		"[1]\n":                                 "expected a JSON object in one line",
	} {
		if _, err := NDJSON(context.Background(), strings.NewReader(in), io.Discard, lengths(1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

// TestFailures expects the router's error, and the writer's.
func TestFailures(t *testing.T) {
	broken, full := errors.New("broken"), errors.New("disk full")
	o := lengths(3)
	o.Score = func(context.Context, []string, []string) ([][]float64, error) { return nil, broken }
	_, _, _, errs := forms(t, pointers(prompts(5000), 0), 700, o)
	for i, err := range errs {
		if !errors.Is(err, broken) {
			t.Errorf("format %d: %v", i, err)
		}
	}
	texts := pointers(prompts(50000), 0)
	for i, err := range []error{
		second(Parquet(context.Background(), parquetOf(t, texts), "how", failing{full}, lengths(2))),
		second(Arrow(context.Background(), bytes.NewReader(arrowOf(t, texts, 1000)), failing{full}, lengths(2))),
		second(NDJSON(context.Background(), bytes.NewReader(linesOf(texts)), failing{full}, lengths(2))),
	} {
		if !errors.Is(err, full) {
			t.Errorf("format %d: %v", i, err)
		}
	}
}

func second(_ Count, err error) error { return err }

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestConversation sends one line, waits for its score, and sends the next.
func TestConversation(t *testing.T) {
	in, send := io.Pipe()
	receive, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := NDJSON(context.Background(), in, out, lengths(2))
		ended <- errors.Join(err, out.Close())
	}()
	for i := range 3 {
		if _, err := fmt.Fprintf(send, "{\"prompt\":\"%s\"}\n", strings.Repeat("a", 7*(i+1))); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 100)
		n, err := receive.Read(buf)
		if err != nil || !strings.HasSuffix(string(buf[:n]), fmt.Sprintf(",\"score\":%d}\n", i+1)) {
			t.Fatalf("%q, %v", buf[:n], err)
		}
	}
	if err := errors.Join(send.Close(), <-ended); err != nil {
		t.Error(err)
	}
}

// TestComplete tells files that are done from others.
func TestComplete(t *testing.T) {
	texts := pointers(prompts(50), 0)
	path := parquetOf(t, texts)
	out := filepath.Join(t.TempDir(), "out.parquet")
	var b bytes.Buffer
	if _, err := Parquet(context.Background(), path, "mf", &b, lengths(1)); err != nil {
		t.Fatal(err)
	}
	is := func(path, how string) bool {
		t.Helper()
		done, err := Complete(path, how, out)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if is(path, "mf") {
		t.Error("a file that does not exist")
	}
	if err := os.WriteFile(out, b.Bytes()[:b.Len()-9], 0o644); err != nil || is(path, "mf") {
		t.Error("a file that is cut off", err)
	}
	if err := os.WriteFile(out, b.Bytes(), 0o644); err != nil || !is(path, "mf") || is(path, "length") {
		t.Error("a complete file", err)
	}
	if is(parquetOf(t, pointers(prompts(51), 0)), "mf") {
		t.Error("a file of other rows")
	}
}

// TestZero has tables without rows.
func TestZero(t *testing.T) {
	ctx := context.Background()
	for i, err := range []error{
		second(Parquet(ctx, parquetOf(t, nil), "how", io.Discard, lengths(2))),
		second(Arrow(ctx, bytes.NewReader(arrowOf(t, nil, 1)), io.Discard, lengths(2))),
		second(NDJSON(ctx, strings.NewReader(""), io.Discard, lengths(2))),
	} {
		if err != nil {
			t.Errorf("format %d: %v", i, err)
		}
	}
}
