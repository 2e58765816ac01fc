package finalanswer

import (
	"math"
	"strings"
	"testing"
)

func TestReadNumber(t *testing.T) {
	for answer, want := range map[string]float64{
		"#### 20":                              20,
		"so it is $20.00":                      20,
		"#### $1,234.50 in all":                1234.5,
		"first 3, then 4.":                     4,
		"that leaves -7":                       -7,
		"a loss of -$7.25!":                    -7.25,
		"a loss of $-7.25!":                    -7.25,
		"9-4=5":                                5,
		"10-4":                                 4,
		"#### 50% or 1/2":                      50,
		"costs 3 more for 1/2 pound":           3,
		"€77 are left":                         77,
		"It takes .5 hours":                    0.5,
		"#### 7 packs and 2 sticks":            7,
		"#### 1\nlater #### 2 and 3":           2,
		"version (1,2) has 12,345,678 of them": 12345678,
		"7":                                    7,
		"1.234,5 km":                           1234.5,
		"1.234.567":                            1234567,
		"1'234'567.8":                          1234567.8,
		"12\u202f345,5 €":                      12345.5,
		"10\u00a0000 people":                   10000,
		"it costs 12,50 €":                     12.5,
		"0,125":                                0.125,
		"#### 1/2":                             0.5,
		"it leaves 3/4.":                       0.75,
		"x = 3/4 of the cake":                  0.75,
		`\boxed{\frac{3}{4}}`:                  0.75,
		`\boxed{-\frac{3}{4}}`:                 -0.75,
		`\boxed{1\frac{1}{2}}`:                 1.5,
		`$$\boxed{1{,}234}$$`:                  1234,
		`\boxed{1\,234}`:                       1234,
		`\boxed{\$18}`:                         18,
		`\boxed{x = 7}`:                        7,
		`\boxed{\text{12 apples}}`:             12,
		`\boxed{\frac12}`:                      0.5,
		`the answer is \(\boxed{5}\) as 2+3=5`: 5,
		"The answer is 1 1/2 cups":             1.5,
		"The answer is 2 and a half cups":      2.5,
		"The answer is 1½ cups":                1.5,
		"The answer is −5.":                    -5,
		"The answer is –5.":                    -5,
		"The answer is － 5":                    5,
		"The answer is minus 5":                -5,
		"The answer is negative 5":             -5,
		"10 minus 5 is negative 5":             -5,
		"that is 10 minus 3":                   3,
		"The answer is 1.2e5":                  120000,
		"The answer is 1.2 × 10^5 m":           120000,
		"The answer is 1.2×10⁵ m":              120000,
		`The answer is $1.2 \times 10^{-5}$`:   1.2e-5,
		"The answer is 10^6":                   1e6,
		"It covers 20 m²":                      20,
		"It covers 20 m^2":                     20,
		"The answer is 5. This took 3 steps.":  5,
		"**Answer:** 42\n\nChecked 2 times":    42,
		"**Answer**: $42 per day":              42,
		"Final answer: **1,000**":              1000,
		"Answer: The shop sells 12 hats.":      12,
		"The answer is obtained by adding 3 and 4, which gives 7": 7,
		"The answer is seven.":                   7,
		"The answer is **twenty-three** apples.": 23,
		"Twelve.":                                12,
		"The answer is one hundred and five":     105,
		"#### 9 * $2 = $18":                      18,
		"#### 3 + 4 = 7 apples, not 8":           7,
		"#### Step 1: add 3\nThen 4 makes 7":     7,
		"#### 18 dollars\n#### Step 2: none":     18,
		"La respuesta es 12.":                    12,
		"Die Antwort ist 12,5 km.":               12.5,
		"答案是 12。":                                12,
		"<think>maybe 3 or 4</think>It is 5":     5,
		"meet at 3:45 with 6 friends at 4:30":    6,
		"on 12/25/2020 she had 4":                4,
		"CO2 is 3 times":                         3,
		"USD 25":                                 25,
		"US$25":                                  25,
		"25":                                     25,
	} {
		if got, err := ReadNumber(answer); err != nil || got.Value != want {
			t.Errorf("%q: %v, %v, want %v", answer, got, err, want)
		}
	}
	for _, answer := range []string{"", "none", "5 ####", "\xff", strings.Repeat("9", 400), "one of them", `\boxed{2\sqrt{3}}`, `\boxed{\pi}`,
		"The answer is 5 or 6.", "The answer is 5-7.", "The answer is 5 to 7 days", "#### $5 – $7", "The answer is between 5 and 7",
		"<think>it is 5", "version 1.2.3.4", "The answer is x = ±3",
		`\boxed{x=3 \text{ or } x=-1}`, `\boxed{(2, 3)}`, `\boxed{\frac{x}{2}}`, `\boxed{\frac{\sqrt{3}}{2}}`, `\boxed{2x+3}`, `\boxed{1+\sqrt{2}}`, `\boxed{3 + 4}`,
		`\boxed{3:4}`, "#### 3 * 4", "The answer is between $5 and $7."} {
		if got, err := ReadNumber(answer); err == nil {
			t.Errorf("%q: %v, want none", answer, got)
		}
	}
}

func TestNumberEqual(t *testing.T) {
	for _, c := range []struct {
		a, b      string
		tolerance float64
		want      bool
	}{
		{"50%", "0.5", 1e-9, true}, {"50%", "50", 1e-9, true}, {"50%", "5", 1e-9, false}, {"50%", "50 per cent", 1e-9, true},
		{"2 million", "2,000,000", 1e-9, true}, {"2 million", "2", 1e-9, true}, {"2 million", "2 thousand", 1e-9, false},
		{"2 dozen", "24", 1e-9, true}, {"75 cents", "$0.75", 1e-9, true}, {"$5k", "5000", 1e-9, true},
		{"1/3", "0.3333", 1e-3, true}, {"1/3", "0.3333", 1e-9, false}, {"1.2e-9", "1.3e-9", 1e-6, false}, {"0", "0.0", 0, true},
		{"99", "100", 0.01, true}, {"-5", "5", 1e-9, false},
	} {
		a, errA := ReadNumber(c.a)
		b, errB := ReadNumber(c.b)
		if errA != nil || errB != nil || a.Equal(b, c.tolerance) != c.want || b.Equal(a, c.tolerance) != c.want {
			t.Errorf("%q (%v) and %q (%v) to within %v: want %v", c.a, a, c.b, b, c.tolerance, c.want)
		}
	}
}

func FuzzReadNumber(f *testing.F) {
	for _, seed := range []string{"#### -$1,234.5/6.", `\boxed{1\frac{1}{2}}`, "The answer is 1.234,5 × 10⁻⁵ %", "one hundred and five", "\ue0001'2_3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		n, err := ReadNumber(answer)
		if err == nil && (n.Value-n.Value != 0 || !(n.Factor > 0)) {
			t.Errorf("%q: %v", answer, n)
		}
		if err == nil && !n.Equal(n, 0) {
			t.Errorf("%q: %v is not equal to itself", answer, n)
		}
	})
}

func BenchmarkReadNumber(b *testing.B) {
	text := strings.Repeat("She sells 16 eggs for $2 each, so she makes 16 * 2 = 32 dollars per day. ", 12) + "\n#### 32"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if n, err := ReadNumber(text); err != nil || math.Abs(n.Value-32) > 0 {
			b.Fatal(n, err)
		}
	}
}
