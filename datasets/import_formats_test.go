package datasets

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

func TestImportTable(t *testing.T) {
	opts := Mapping{
		Prompt: "text", Task: "kind", Models: []ModelColumn{{"big/one", "big"}, {"small", "small"}}, Costs: []ModelColumn{{"small", "usd"}},
		Name: "mine", Unit: "score", Min: 0, Max: 1, Strong: "big/one", Weak: "small",
	}
	for name, text := range map[string]string{
		"a.csv":      "\ufefftext,kind,big,small,usd\nhello,x,TRUE,0.25,1e-3\n\"a\nb\",y,false,,\nhello,,1,1,2\n",
		"a.csv.gz":   "kind,text,big,small,usd\r\nx,hello,1,0.25,0.001\r\ny,\"a\nb\",0,,\r\n,hello,1,1,2\r\n",
		"a.jsonl":    "{\"text\":\"hello\",\"kind\":\"x\",\"big\":true,\"small\":0.25,\"usd\":0.001}\n\n{\"text\":\"a\\nb\",\"kind\":\"y\",\"big\":0,\"small\":null}\n{\"text\":\"hello\",\"big\":1,\"small\":1,\"usd\":2}",
		"a.jsonl.gz": "\ufeff{\"text\":\"hello\",\"kind\":\"x\",\"big\":\"true\",\"small\":25e-2,\"usd\":0.001}\n{\"text\":\"a\\nb\",\"kind\":\"y\",\"big\":0}\n{\"text\":\"hello\",\"big\":1,\"small\":1,\"usd\":2}\n",
	} {
		table, _, err := ImportTable(context.Background(), fileOf(t, name, text), opts)
		if err != nil {
			t.Fatal(name, err)
		}
		got := fmt.Sprintf("%q %q %q %v %v %v", table.SampleID, table.Task, table.Cluster, table.Quality, table.Extras, table.Features[0])
		want := `["row/0000001" "row/0000002" "row/0000003"] ["x" "y" ""] ["row/0000001" "row/0000002" "row/0000001"]` +
			` [{big/one [1 0 1]} {small [0.25 NaN 1]}] [{cost_usd:small [0.001 NaN 2]}] {chars [5 3 5]}`
		if got != want || table.Prompt != nil || table.PromptSHA256[1] != SHA256Hex("a\nb") || table.Meta.Strong != "big/one" {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
		if _, err := tryAll(bytesOf(t, table)); err != nil {
			t.Errorf("%s: written and read: %v", name, err)
		}
	}
}

func TestImportTableParquet(t *testing.T) {
	type row struct {
		ID   int64   `parquet:"id"`
		Text string  `parquet:"text"`
		Good *bool   `parquet:"good,optional"`
		Half float32 `parquet:"half"`
	}
	yes := true
	data := raw(t, []row{{1<<53 + 1, "p", &yes, 0.5}, {1<<53 + 2, "q", nil, 1}})
	table, _, err := ImportTable(context.Background(), fileOf(t, "a.parquet", string(data)), Mapping{
		ID: "id", Prompt: "text", KeepPrompt: true, Models: []ModelColumn{{"m", "good"}, {"n", "half"}}, Min: math.NaN(), Max: math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%q %v %q %v", table.SampleID, table.Quality, table.Prompt, table.HasPrompt)
	if want := `["9007199254740993" "9007199254740994"] [{m [1 NaN]} {n [0.5 1]}] ["p" "q"] true`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestImportTableRefuses(t *testing.T) {
	opts := Mapping{ID: "id", Prompt: "text", Models: []ModelColumn{{"m", "m"}}, Min: 0, Max: 1}
	for want, c := range map[string][2]string{
		`column "m": missing`:                                                   {"a.csv", "id,text,q\n1,a,1\n"},
		`column "text": missing`:                                                {"a.jsonl", `{"id":1,"m":0}`},
		`row 2, column "m": found "yes", expected a number`:                     {"a.csv", "id,text,m\n1,a,1\n2,b,yes\n"},
		`row 1, column "m": found "1e999"`:                                      {"a.jsonl", `{"id":1,"text":"a","m":1e999}`},
		`row 1, column "m": found "[1]"`:                                        {"b.jsonl", `{"id":1,"text":"a","m":[1]}`},
		`row 2, column "m": found 1.5, expected a quality from 0 to 1`:          {"a.csv", "id,text,m\n1,a,1\n2,b,1.5\n"},
		`row 3, column "id": found "1", already in row 1, expected a unique id`: {"a.csv", "id,text,m\n1,a,1\n2,b,1\n1,c,0\n"},
		`row 1, column "id": found "", expected a unique id`:                    {"a.csv", "id,text,m\n,a,1\n"},
		`row 2, column "id": found null`:                                        {"a.jsonl", "{\"id\":1,\"text\":\"a\",\"m\":1}\n{\"text\":\"a\",\"m\":1}"},
		`row 1, column "text": found null`:                                      {"a.jsonl", `{"id":1,"text":null,"m":1}`},
		`row 1, column "text": found "\xff", expected UTF-8`:                    {"a.csv", "id,text,m\n1,\xff,1\n"},
		`row 2: found 2 cells, expected 3, as in the header`:                    {"a.csv", "id,text,m\n1,a,1\n2,b\n"},
		`row 2: found a list, expected an object`:                               {"a.jsonl", "{\"id\":1}\n[]\n"},
		`column "id": occurs twice in the header`:                               {"a.csv", "id,id,m\n1,a,1\n"},
		"no rows, expected at least one":                                        {"a.csv", "id,text,m\n"},
		"empty file":                                                            {"a.csv", ""},
		"damaged gzip data: the file is cut off":                                {"a.jsonl", "cut"},
	} {
		path := fileOf(t, c[0], c[1])
		if c[1] == "cut" {
			path = fileOf(t, "cut.csv.gz", strings.Repeat("id,text,m\n1,a,1\n", 99))
			data, _ := os.ReadFile(path)
			os.WriteFile(path, data[:len(data)-9], 0o644)
		}
		_, _, err := ImportTable(context.Background(), path, opts)
		expectError(t, err, want, strings.Contains(want, "missing"))
	}
}

func TestImportPromptSet(t *testing.T) {
	m := Mapping{Prompt: "q", KeepPrompt: true, Min: math.NaN(), Max: math.NaN()}
	_, _, err := ImportTable(context.Background(), fileOf(t, "sum.csv", "sample_id,q\nx,one\nsum,\n"), m)
	expectError(t, err, `row 2, column "q": found "", expected a prompt in every row`, true)
	table, _, err := ImportTable(context.Background(), fileOf(t, "a.csv", "sample_id,q\nx,one\ny,two\n"), m)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%q %q %d", table.SampleID, table.Prompt, len(table.Quality)) != `["x" "y"] ["one" "two"] 0` {
		t.Errorf("%+v", table)
	}
	if f, err := OpenBytes("set", bytesOf(t, table)); err != nil || f.Models() != nil {
		t.Error(f.Models(), err)
	}
}

func TestLongJSONLine(t *testing.T) {
	prompt := strings.Repeat("long ", 4<<20)
	table, _, err := ImportTable(context.Background(), fileOf(t, "a.jsonl.gz", `{"p":"`+prompt+`"}`), Mapping{Prompt: "p", KeepPrompt: true})
	if err != nil || table.Prompt[0] != prompt {
		t.Error(len(table.Prompt[0]), err)
	}
}

// TestImportRepeatedPrompts warns where every prompt occurs twice, and not where one does.
func TestImportRepeatedPrompts(t *testing.T) {
	for text, want := range map[string]string{
		"q,who,m\na,x,1\na,y,0\nb,x,1\nb,y,1\n": "4 rows hold only 2 different prompts: if a row is one model's answer, --model-column COLUMN names the models",
		"q,who,m\na,x,1\na,y,0\nb,x,1\nc,y,1\n": "",
	} {
		_, reading, err := ImportTable(context.Background(), fileOf(t, "a.csv", text), Mapping{Prompt: "q", Models: []ModelColumn{{"m", "m"}}})
		if got := strings.Join(reading.Warnings, "; "); err != nil || got != want {
			t.Errorf("%q: %v, want %q", got, err, want)
		}
	}
}
