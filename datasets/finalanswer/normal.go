package finalanswer

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normal writes a text in ASCII as far as numbers and marks need it: LaTeX as plain text, minus signs
// as "-", spaces between thousands as "_".
func normal(text string) string {
	if strings.IndexByte(text, '\\') >= 0 {
		text = plainLaTeX(text)
	}
	text = strings.ReplaceAll(text, "{,}", ",")
	if ascii(text) {
		return text
	}
	text = norm.NFKC.String(superscripts.Replace(text))
	return marks.Replace(thousands.ReplaceAllString(text, "${1}_${2}"))
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// superscripts and marks are replaced before and after Unicode's own normalisation, which would make
// 10⁵ into 105, and a thin space into a space.
var (
	superscripts = strings.NewReplacer(
		"⁻", "^-", "⁰", "^0", "¹", "^1", "²", "^2", "³", "^3", "⁴", "^4", "⁵", "^5", "⁶", "^6", "⁷", "^7", "⁸", "^8", "⁹", "^9",
		"½", " 1/2", "⅓", " 1/3", "⅔", " 2/3", "¼", " 1/4", "¾", " 3/4", "⅕", " 1/5", "⅛", " 1/8", "⅜", " 3/8", "⅝", " 5/8", "⅞", " 7/8",
		"\u00a0", "\ue000", "\u202f", "\ue000", "\u2009", "\ue000", // to find them again
	)
	marks = strings.NewReplacer(
		"−", "-", "–", "-", "—", " - ", "‐", "-", "‑", "-", "﹣", "-", "－", "-", "⁄", "/", "×", "*", "·", "*", "÷", "/", "’", "'",
		"“", `"`, "”", `"`, "‘", "'", "\ue000", " ", "≈", "=", "：", ":",
	)
	thousands = regexp.MustCompile("([0-9])\ue000([0-9]{3})")
)

// Parts of LaTeX that write numbers.
var (
	latexFraction = regexp.MustCompile(`(\d?)\s*\\[dtc]?frac\s*(?:\{\s*(-?\d+)\s*\}|(\d))\s*(?:\{\s*(\d+)\s*\}|(\d))`)
	latexText     = regexp.MustCompile(`\\(?:text|textbf|mathrm|mathbf|textrm|textit|mbox|operatorname)\s*\{([^{}]*)\}`)
	latexWords    = strings.NewReplacer(`\$`, "$", `\%`, "%", `\,`, "", `\!`, "", `\;`, " ", `\:`, " ", `\ `, " ", `\left`, "", `\right`, "",
		`\times`, "*", `\cdot`, "*", `\approx`, "=", `\(`, " ", `\)`, " ", `\[`, " ", `\]`, " ", `\degree`, "", `^\circ`, "", `^{\circ}`, "", `\quad`, " ", `\pm`, "±")
)

func plainLaTeX(text string) string {
	text = latexText.ReplaceAllString(text, "${1}")
	if strings.Contains(text, "frac") {
		text = latexFraction.ReplaceAllStringFunc(text, func(all string) string {
			m := latexFraction.FindStringSubmatch(all)
			space := ""
			if m[1] != "" {
				space = " "
			}
			return m[1] + space + m[2] + m[3] + "/" + m[4] + m[5]
		})
	}
	return latexWords.Replace(text)
}
