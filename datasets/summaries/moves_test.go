package summaries_test

import (
	"context"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/internal/hint"
)

const (
	moveHead  = "step,bin,lambda_min,lambda_max,n,quality,cost,quality_loss,cost_loss,chosen:a,quality:a,cost_usd:a,chosen:b,quality:b,cost_usd:b\n"
	moveStart = "start,,,,4,2,1,0,0,4,2,1,0,3,8\n"
	moveOne   = "move,7,2,3,2,1,3,-0.5,0,-2,0,0,2,0,0\n"
)

func TestReadMoves(t *testing.T) {
	second := "step,bin,lambda_min,lambda_max,n,quality,cost,quality_loss,cost_loss,chosen:b,quality:b,cost_usd:b,chosen:a,quality:a,cost_usd:a\n" +
		"unused,,,,3,0,0,0,0,0,0,0,0,0,0\nmove,7,1.5,1.8,1,0.5,1,0,0,1,0,0,-1,0,0\nstart,,,,4,2,1,0,0,0,3,8,4,2,1\nmove,2,1,1,1,-1,2,-1,0,1,0,0,-1,0,0\n"
	got, err := summaries.ReadMoves(context.Background(), write(t, moveHead+moveStart+moveOne, second), rows.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := got.Summary
	if strings.Join(got.Models, " ") != "a b" || len(got.Files) != 2 || s.Rows() != 8 || s.Bins() != 2 || s.Unused != 3 || s.Bucketed || s.Weighted() || s.Exact() {
		t.Errorf("got %+v of %q", s, got.Models)
	}
	p := s.Path()
	if len(p.Vertices) != 3 || p.Vertices[0].Quality != 0.5 || p.Vertices[1].Lambda != 1.5 || p.Vertices[1].Quality != (4+1.5)/8 || p.Vertices[2].Cost != (2+6.)/8 {
		t.Errorf("path %v", p.Vertices)
	}
	if share := s.Calls([]int{1, 2}).Values; share[1] != 3./8 || share[2] != 0.5 {
		t.Errorf("shares %v", share)
	}
}

// TestReadMovesErrors checks that each defect is named, with file, row and column if it is in a row.
func TestReadMovesErrors(t *testing.T) {
	for want, contents := range map[string][]string{
		`row 1, column "step": found "stop", expected start, move or unused`:                  {moveHead + "stop,,,,4,2,1,0,0,4,2,1,0,3,8\n"},
		`row 2, column "cost": found "NaN", expected a finite number`:                         {moveHead + moveStart + "move,7,2,3,2,1,NaN,0,0,-2,0,0,2,0,0\n"},
		`row 2, column "bin": found nothing, expected a finite number`:                        {moveHead + moveStart + "move,,2,3,2,1,1,0,0,-2,0,0,2,0,0\n"},
		`column "cost_loss": missing, expected a summary of moves with the columns step, bin`: {strings.Replace(moveHead, "cost_loss", "x", 1) + moveStart},
		`column "cost_usd:b": missing`:                                                        {strings.Replace(moveHead, "cost_usd:b", "x", 1) + moveStart},
		`no row has the step start`:                                                           {moveHead + moveOne},
		`no row of the table can be used (9 rows)`:                                            {moveHead + "unused,,,,9,0,0,0,0,0,0,0,0,0,0\n"},
		`the models "a": expected the same models, at least two`:                              {"step,lambda_min,chosen:a\n"},
		`overlap: want bins that divide lambda`:                                               {moveHead + moveStart + moveOne + "move,8,2.5,4,1,1,0,0,0,-1,0,0,1,0,0\n"},
		`the numbers of prompts by model sum up to 3: want 4`:                                 {moveHead + "start,,,,4,2,1,0,0,3,2,1,0,3,8\n"},
		`the numbers of prompts by model sum up to 1: want 0`:                                 {moveHead + moveStart + "move,7,2,3,2,1,1,0,0,-1,0,0,2,0,0\n"},
		`the changes of quality below 0 sum up to 0.5, and all to 1`:                          {moveHead + moveStart + "move,7,2,3,2,1,1,0.5,0,-2,0,0,2,0,0\n"},
		`the changes of cost below 0 sum up to 0, and all to -1`:                              {moveHead + moveStart + "move,7,2,3,2,1,-1,0,0,-2,0,0,2,0,0\n"},
		`want two finite lambdas above 0 in ascending order`:                                  {moveHead + moveStart + "move,7,3,2,2,1,1,0,0,-2,0,0,2,0,0\n"},
		`row 1, column "n": found "4.5", expected a number of rows`:                           {moveHead + "start,,,,4.5,2,1,0,0,4.5,2,1,0,3,8\n"},
		`bucket 3: the bucket has moves and no start`:                                         {"bucket," + moveHead + "1," + moveStart + "3," + moveOne},
		`a.csv" has none: expected parts of one summary with the same columns`:                {moveHead + moveStart, "bucket," + moveHead + "0," + moveStart},
		`a sum of costs is below 0`:                                                           {moveHead + "start,,,,4,2,-1,0,0,4,2,1,0,3,8\n"},
	} {
		_, err := summaries.ReadMoves(context.Background(), write(t, contents...), rows.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q (hints %q)", err, want, hint.Of(err))
		}
	}
	_, err := summaries.Read(context.Background(), write(t, moveHead+moveStart), summaries.Options{})
	if err == nil || !strings.Contains(err.Error(), "is a summary of a router among several models") {
		t.Errorf("error %v about a summary of moves", err)
	}
}

func TestAreMoves(t *testing.T) {
	for content, want := range map[string]bool{moveHead + moveStart: true, strings.ToUpper(moveHead): true, head: false} {
		if got, err := summaries.AreMoves(context.Background(), write(t, content+"1,2\n")[0], rows.Options{}); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", content, got, err, want)
		}
	}
}
