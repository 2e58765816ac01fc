package values

import "testing"

func TestLowerIsBetter(t *testing.T) {
	for name, want := range map[string]bool{
		"loss": true, "eval_loss": true, "WER": true, "gpt-4.error": true, "edit distance": true, "wer2": true,
		"score": false, "acc": false, "lossless": false, "terror": false, "": false, "gpt-4o": false, "answer": false,
	} {
		if LowerIsBetter(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
