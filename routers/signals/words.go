package signals

import (
	"strings"
	"unicode"
)

// refusals are phrases with which models decline or say that they do not know, in lower case.
var refusals = []string{
	// English
	"i cannot", "i can not", "i can't", "i am unable", "i'm unable", "i am not able", "i'm not able", "i won't", "i do not know", "i don't know",
	"i am not sure", "i'm not sure", "i do not have access", "i don't have access", "i do not have enough", "i don't have enough", "i'm sorry", "i am sorry",
	"as an ai", "as a language model", "cannot be determined", "can't be determined", "not enough information",
	// German, French, Spanish, Italian, Portuguese, Dutch
	"ich kann nicht", "ich kann das nicht", "ich weiß nicht", "ich weiß es nicht", "tut mir leid", "ich bin nicht sicher",
	"je ne peux pas", "je ne sais pas", "je suis désolé", "je ne suis pas sûr",
	"no puedo", "no lo sé", "no sé", "lo siento", "no estoy seguro",
	"non posso", "non lo so", "mi dispiace", "non sono sicuro",
	"não posso", "não sei", "sinto muito", "não tenho certeza",
	"ik kan niet", "ik weet het niet", "het spijt me",
	// Polish, Russian, Turkish
	"nie mogę", "nie wiem", "przykro mi", "я не могу", "я не знаю", "извините", "bilmiyorum", "üzgünüm",
	// Chinese, Japanese, Korean: without spaces, so that parts of words count
	"我不知道", "我无法", "抱歉", "对不起", "わかりません", "分かりません", "できません", "申し訳", "모르겠", "죄송",
}

// hedges are words and phrases that leave a statement open, in lower case.
var hedges = []string{
	// English
	"perhaps", "maybe", "probably", "possibly", "likely", "might", "could be", "may be", "i think", "i believe", "i guess", "it seems", "it appears",
	"approximately", "roughly", "about", "not certain", "unclear", "it depends", "presumably", "as far as i know", "if i remember",
	// German, French, Spanish, Italian, Portuguese, Dutch
	"vielleicht", "wahrscheinlich", "vermutlich", "möglicherweise", "ich glaube", "ungefähr", "etwa",
	"peut-être", "probablement", "sans doute", "je pense", "je crois", "environ",
	"quizás", "tal vez", "probablemente", "creo que", "aproximadamente",
	"forse", "probabilmente", "credo", "penso che", "circa",
	"talvez", "provavelmente", "acho que", "aproximadamente",
	"misschien", "waarschijnlijk", "ik denk", "ongeveer",
	// Polish, Russian, Turkish
	"być może", "prawdopodobnie", "chyba", "возможно", "вероятно", "наверное", "belki", "muhtemelen", "galiba",
	// Chinese, Japanese, Korean
	"可能", "也许", "大概", "かもしれ", "おそらく", "たぶん", "아마",
}

// count returns how often the phrases occur in a text, as whole words in alphabets with spaces.
func count(text string, phrases []string) int {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	n := 0
	for _, p := range phrases {
		for rest := text; ; {
			i := strings.Index(rest, p)
			if i < 0 {
				break
			}
			if whole(rest, i, p) {
				n++
			}
			rest = rest[i+len(p):]
		}
	}
	return n
}

// whole reports whether the phrase at i stands for itself: no letter of an alphabet with spaces
// stands right before or after it.
func whole(text string, i int, phrase string) bool {
	if strings.IndexFunc(phrase, unspaced) >= 0 {
		return true
	}
	before, after := []rune(text[max(0, i-4):i]), []rune(text[i+len(phrase):min(len(text), i+len(phrase)+4)])
	return (len(before) == 0 || !unicode.IsLetter(before[len(before)-1])) && (len(after) == 0 || !unicode.IsLetter(after[0]))
}

// unspaced reports whether a letter belongs to a script that is written without spaces, or whose
// words grow at the end.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}
