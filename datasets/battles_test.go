package datasets

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// arenaLike returns options that find the columns by their usual names.
func arenaLike() BattleOptions {
	return BattleOptions{Name: "mine"}
}

func importBattles(path string, o BattleOptions) (*Table, Skipped, error) {
	return ImportBattles(context.Background(), []string{path}, o)
}

func TestImportBattlesForms(t *testing.T) {
	const want = `["row/0000001" "row/0000002" "row/0000003" "row/0000004"] ["why" "who, when" "why" "a\nb"] ` +
		`["x" "x" "y" "z"] ["y" "z" "x" "x"] ["model_a" "tie" "model_b" "tie"] ["mine" "mine" "mine" "mine"]`
	type row struct {
		Prompt string  `parquet:"prompt"`
		A      string  `parquet:"model_a"`
		B      string  `parquet:"model_b"`
		WonA   int64   `parquet:"winner_model_a"`
		WonB   float64 `parquet:"winner_model_b"`
		Tie    bool    `parquet:"winner_tie"`
	}
	files := map[string]string{
		"words.csv": "prompt,model_a,model_b,winner\nwhy,x,y,model_a\n\"who, when\",x,z,tie (bothbad)\nwhy,y,x,model_b\n\"a\nb\",z,x,tie\n",
		"hot.csv.gz": "winner_tie,winner_model_b,winner_model_a,prompt,model_a,model_b\r\n0,0,1,why,x,y\r\ntrue,false,FALSE,\"[\"\"who, when\"\",\"\"more\"\"]\",x,z\r\n" +
			"0,1.0,0,\" [\"\"why\"\",null]\",y,x\r\n1,0,0,\"a\nb\",z,x\r\n",
		"words.jsonl": `{"prompt":"why","model_a":"x","model_b":"y","winner":"model_a"}
{"prompt":["who, when","and how"],"model_a":"x","model_b":"z","winner":"tie"}
{"prompt":["why"],"model_a":"y","model_b":"x","winner":"model_b"}
{"prompt":"[\"a\\nb\"]","model_a":"z","model_b":"x","winner":"tie (bothbad)"}`,
		"hot.parquet": string(raw(t, []row{{"why", "x", "y", 1, 0, false}, {`["who, when"]`, "x", "z", 0, 0, true}, {"why", "y", "x", 0, 1, false}, {"a\nb", "z", "x", 0, 0, true}})),
	}
	for name, text := range files {
		table, skipped, err := importBattles(fileOf(t, name, text), arenaLike())
		if err != nil || skipped.Rows != 0 {
			t.Fatal(name, skipped, err)
		}
		got := fmt.Sprintf("%q %q %q %q %q %q", table.SampleID, table.Prompt, table.ModelA, table.ModelB, table.Winner, table.Source)
		if got != want || table.Weight != nil {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
		if got := fmt.Sprint(table.Cluster); got != "[row/0000001 row/0000002 row/0000001 row/0000004]" {
			t.Errorf("%s: clusters %s", name, got)
		}
		if table.PromptSHA256[3] != SHA256Hex("a\nb") || table.PromptNormSHA256[3] != SHA256Hex("a b") {
			t.Errorf("%s: digests %v", name, table.PromptSHA256)
		}
	}
}

const goodBattle = "b1,why,x,y,tie,1\n"

func TestImportBattlesRefusesBadRows(t *testing.T) {
	for line, want := range map[string]string{
		"b2,,x,y,tie,1":               `column "prompt": found "", expected a prompt`,
		"b2,\" \n\",x,y,tie,1":        `column "prompt": found " \n", expected a prompt`,
		"b2,[],x,y,tie,1":             `column "prompt": found "[]", expected a prompt`,
		`b2,"[null,""b""]",x,y,tie,1`: `column "prompt": found`,
		`b2,"{""q"":1}",x,y,tie,1`:    `column "prompt": found an object`,
		"b2,why, ,y,tie,1":            `column "model_a": found " ", expected a model name`,
		"b2,why,x,,tie,1":             `column "model_b": found "", expected a model name`,
		"b2,why,x,x,tie,1":            `column "model_b": found "x", expected a model other than the one in "model_a"`,
		"b2,why,x,y,neither,1":        `column "winner": found "neither", expected one of model_a, model_b, tie, tie_or_model_a, tie_or_model_b`,
		"b2,why,x,y,3,1":              `column "winner": found "3", expected one of model_a`,
		"b2,why,x,y,model_a,0":        `column "w": found "0", expected a finite number above 0`,
		"b2,why,x,y,model_a,-1":       `column "w": found "-1", expected a finite number above 0`,
		"b2,why,x,y,model_a,NaN":      `column "w": found "NaN", expected a finite number above 0`,
		"b2,why,x,y,model_a,+Inf":     `column "w": found "+Inf", expected a finite number above 0`,
		"b2,why,x,y,model_a,":         `column "w": found "", expected a finite number above 0`,
		",why,x,y,tie,1":              `column "id": found "", expected a unique id`,
		"b1,why,x,y,tie,1":            `column "id": found "b1", already in row 1, expected a unique id`,
	} {
		o := arenaLike()
		o.ID, o.Weight = "id", "w"
		path := fileOf(t, "b.csv", "id,prompt,model_a,model_b,winner,w\n"+goodBattle+line+"\nb3,who,x,y,tie,1\n")
		_, _, err := importBattles(path, o)
		if full := fmt.Sprintf("%q: row 2, %s", path, want); err == nil || !strings.HasPrefix(err.Error(), full) || len(hint.Of(err)) != 1 {
			t.Errorf("%s: %v, want %s", line, err, full)
		}
		o.SkipBad = true
		table, skipped, err := importBattles(path, o)
		if err != nil || fmt.Sprint(table.SampleID, table.Weight) != "[b1 b3] [1 1]" || skipped.Rows != 1 || !strings.Contains(skipped.First[0], want) {
			t.Errorf("%s: skipped %v, %v", line, skipped, err)
		}
	}
}

func TestImportBattlesOneHot(t *testing.T) {
	for cells, want := range map[string]string{
		"1,1,0":   `column "winner_model_b": found 1, as in "winner_model_a", expected exactly one winner`,
		"0,0,0":   `column "winner_model_a": found 0, as in the other winner columns, expected exactly one winner`,
		"2,0,0":   `column "winner_model_a": found "2", expected 0 or 1`,
		"0,,1":    `column "winner_model_b": found "", expected 0 or 1`,
		"1,0,yes": `column "winner_tie": found "yes", expected 0 or 1`,
	} {
		path := fileOf(t, "b.csv", "prompt,model_a,model_b,winner_model_a,winner_model_b,winner_tie\nwhy,x,y,"+cells+"\nwhy,x,y,0,0,1\n")
		if _, _, err := importBattles(path, arenaLike()); err == nil || err.Error() != fmt.Sprintf("%q: row 1, %s", path, want) {
			t.Errorf("%s: %v, want %s", cells, err, want)
		}
	}
}

func TestImportBattlesCountsBadRows(t *testing.T) {
	good, bad := goodBattle, strings.Repeat("b2,,x,y,tie,1\n", 15)
	path := fileOf(t, "b.csv", "id,prompt,model_a,model_b,winner,w\n"+good+bad)
	_, _, err := importBattles(path, arenaLike())
	lines := strings.Split(fmt.Sprint(err), "\n")
	if len(lines) != 12 || lines[10] != `  row 12, column "prompt": found "", expected a prompt in every row` || lines[11] != "  15 of 16 rows are bad" {
		t.Errorf("%v", err)
	}
	o := arenaLike()
	o.SkipBad = true
	if _, skipped, err := importBattles(path, o); err != nil || skipped.Rows != 15 {
		t.Error(skipped, err)
	}
	path = fileOf(t, "all.csv", "id,prompt,model_a,model_b,winner,w\n"+bad)
	if _, _, err := importBattles(path, o); err == nil || !strings.HasSuffix(err.Error(), "15 of 15 rows are bad") ||
		!slices.Equal(hint.Of(err), []string{"every row is bad: check that the flags name the right columns"}) {
		t.Errorf("only bad rows: %v %q", err, hint.Of(err))
	}
}

func TestImportBattlesNeedsColumns(t *testing.T) {
	for header, want := range map[string]string{
		"model_a,model_b,winner":            `column "prompt": missing`,
		"prompt,model_b,winner":             `column "model_a": missing`,
		"prompt,model_a,model_b":            `column "winner_model_a": missing`,
		"prompt,model_a,model_b,winner_tie": `column "winner_model_a": missing`,
	} {
		path := fileOf(t, "b.csv", header+"\n"+strings.Repeat("tie,", strings.Count(header, ","))+"tie\n")
		_, _, err := importBattles(path, arenaLike())
		if err == nil || !strings.Contains(err.Error(), want) || len(hint.Of(err)) == 0 {
			t.Errorf("%s: %v, want %s", header, err, want)
		}
	}
}

func TestWeightsAndSourcesComeBack(t *testing.T) {
	o := arenaLike()
	o.Weight = "w"
	path := fileOf(t, "b.csv", "prompt,model_a,model_b,winner,w\nwhy,x,y,model_a,0.25\nwho,x,y,tie,3e2\n")
	table, _, err := importBattles(path, o)
	if err != nil {
		t.Fatal(err)
	}
	f, err := OpenBytes("b", bytesOf(t, table))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Read(Select{Battles: true})
	if err != nil || fmt.Sprint(got.Weight, got.Source, got.Winner) != "[0.25 300] [mine mine] [model_a tie]" {
		t.Errorf("%v %v %v, %v", got.Weight, got.Source, got.Winner, err)
	}
	if got, err = f.Read(Select{}); err != nil || got.Weight != nil || got.Source != nil {
		t.Errorf("not selected: %v %v, %v", got.Weight, got.Source, err)
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		table.Weight[1] = bad
		if err := table.Write(nil); err == nil || !strings.Contains(err.Error(), `row 2, column "weight"`) {
			t.Errorf("weight %v: error %v, want one for row 2", bad, err)
		}
	}
}

func TestReadRefusesBadWeights(t *testing.T) {
	type row struct {
		ID     string   `parquet:"sample_id"`
		Weight *float64 `parquet:"weight,optional"`
		Source *string  `parquet:"source,optional"`
	}
	one, zero, text := 1.0, 0.0, "here"
	for name, second := range map[string]row{
		"null": {"b", nil, nil}, "zero": {"b", &zero, nil},
	} {
		f, err := OpenBytes("b.parquet", raw(t, []row{{"a", &one, &text}, second}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Read(Select{Battles: true})
		if err == nil || !strings.HasPrefix(err.Error(), `"b.parquet": row 2, column "weight": found`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := OpenBytes("b.parquet", raw(t, []row{{"a", &one, &text}, {"b", &one, nil}}))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.Read(Select{Battles: true}); err != nil || fmt.Sprintf("%q", got.Source) != `["here" ""]` {
		t.Errorf("%q, %v", got.Source, err)
	}
	if _, err := OpenBytes("b", raw(t, []struct {
		ID     string `parquet:"sample_id"`
		Weight string `parquet:"weight"`
	}{{"a", "heavy"}})); err == nil || !strings.Contains(err.Error(), `column "weight"`) {
		t.Errorf("text weights: %v", err)
	}
}
