package features

import "strings"

// The lists of words, by their place in lists.
const (
	numberWords = iota
	moneyWords
	percentWords
	unitWords
	mathsWords
	codingWords
	howWords
	quantityWords
	amountWords
	factWords
	reasonWords
	selectionWords
	negationWords
	orderWords
	writingWords
	reasoningWords
	roleplayWords
	extractionWords
	translationWords
	stepWords
	constraintWords
	referringWords
	numLists
)

// lists holds words in lower case, most of them English, with the commonest of Spanish, French,
// German, Portuguese, Italian, Russian, Chinese and Japanese. Words of scripts without spaces have
// one or two letters. They were written down by their meaning, before any label was seen.
var lists = [numLists]struct{ name, words string }{
	{"number words", `two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
thousand million billion dozen half halves twice thrice double triple quarter quarters thirds pair couple
dos tres cuatro cinco seis siete ocho nueve diez mitad doble deux trois quatre cinq sept huit neuf dix
moitié zwei drei vier fünf sechs sieben acht neun zehn halb halbe doppelt dois metade quattro metà два
две три четыре пять шесть семь восемь девять десять половина вдвое 两 三 四 五 六 七 八 九 十 百 千 万 半`},
	{"money", `dollar dollars usd cent cents euro euros eur pound pounds gbp yen jpy rupee rupees inr yuan
rmb peso pesos reais franc francs chf dólares dólar centavos рублей рубля рубль bucks krona kronor 元 円`},
	{"per cent", `percent percentage percentages pct pourcent prozent porcentaje porcentagem percentuale
процент процентов`},
	{"units", `mm cm m km inch inches feet foot ft yard yards mile miles meter meters metre metres kilometer
kilometers kilometre kilometres centimeter centimeters g kg mg gram grams kilogram kilograms lb lbs ounce
ounces oz ton tons tonnes l ml liters litre litres gallon gallons cup cups s sec second seconds min
minute minutes h hr hrs hour hours day days week weeks month months year years mph kph kmh hz khz mhz ghz
n j kj w kw v mv ma k pa kpa mpa atm bar mol moles degrees acre acres hectares mb gb tb kb bytes bits
horas días semanas meses años minutos metros heures jours semaines mois ans mètres stunden tage wochen
monate jahre minuten часов дней недель месяцев лет минут метров км кг см 年 月 日 米 克`},
	{"maths", `equation equations solve solving solution integral integrals integrate derivative derivatives
differentiate differential theorem lemma proof prove polynomial polynomials matrix matrices vector
vectors eigenvalue eigenvalues determinant probability probabilities permutation permutations
combinatorics algebra algebraic geometry geometric trigonometry sine cosine tangent logarithm exponent
exponential factorial prime primes integer integers divisible divisor remainder modulo numerator
denominator fraction fractions triangle triangles circle radius diameter hypotenuse perimeter angle
angles slope intercept parabola quadratic cubic linear convergent converge converges limit series
sequence arithmetic calculus variance median coefficient coefficients inequality isomorphic homomorphism
subgroup bijection surjective injective calculate compute multiply multiplied divided subtract sum
product quotient average ratio ecuación ecuaciones derivada teorema calcular calcula matriz équation
théorème dérivée calculer calculez gleichung berechne berechnen ableitung satz beweis beweise
wahrscheinlichkeit equação calcule equazione calcola уравнение интеграл производная теорема докажите
вычислите 方程 积分 定理 证明 计算 概率 計算 証明`},
	{"coding", `null const code codes coding program programs programming programmer function functions
script scripts python javascript typescript java golang rust php sql mysql postgres html css bash linux
regex api json xml yaml csv algorithm algorithms compile compiler compiles debug debugging bug bugs
exception runtime syntax variable loop loops array arrays string strings integer boolean pointer
recursion recursive database dataframe pandas numpy react django flask docker kubernetes git github
backend frontend server async thread threads stack heap implement implementation refactor snippet def
import var void int print println printf código programa función fonction programme funktion programm
funzione codice função код программа программу функция функцию 代码 程序 函数 编程 算法 関数`},
	{"how", `how wie cómo como как`},
	{"quantity", `many much often long far old tall big fast viel viele lange oft lang weit alt`},
	{"amount", `cuántos cuántas cuánto cuánta combien wieviel wieviele quantos quantas quanto quanti quante
сколько 多少 几个 几天 いく 何人 何個`},
	{"fact", `what who whom whose when where wer wen wann wo quién quiénes cuándo dónde qui quand où quem
quando onde chi кто кого когда где 谁 何时 哪里 哪儿 誰 いつ どこ`},
	{"reason", `why explain explains explanation reason reasons cause causes justify warum weshalb wieso
erkläre erklären porqué explica explique pourquoi expliquez expliquer perché spiega explicar почему зачем
объясни объясните 为什 为何 解释 原因 怎么 如何 なぜ 説明`},
	{"selection", `which following among choose select pick option options correct incorrect best likely
cuál cuáles siguientes correcta quel quelle quels quelles lequel suivantes welche welcher welches
folgenden richtig qual quais quale quali seguintes какой какая какое какие следующих 哪个 哪些 哪一 以下 下列 正确 どれ
次の 正し`},
	{"negation", `not no never none nor neither cannot except without unless isn't doesn't don't didn't
can't won't wasn't aren't false untrue unlikely least nunca ninguno ninguna excepto ne pas jamais aucun
aucune sauf sans nicht kein keine nie außer ohne não nenhum exceto sem non mai nessuno tranne senza не
нет никогда кроме без 不 没 非 除了 除外`},
	{"order", `write create make give list describe explain generate design build develop provide suggest
summarize summarise translate rewrite edit compare analyze analyse discuss implement compose draft tell
show find calculate compute solve prove determine evaluate identify classify extract imagine act pretend
answer outline plan propose help fix improve convert complete continue use add consider suppose please
name state escribe crea haz dame explica traduce genera écris écrivez crée donne explique traduis résume
schreibe schreib erstelle gib nenne erkläre übersetze beschreibe escreva crie faça traduza scrivi dammi
traduci напиши создай переведи объясни опиши придумай 写 请 翻译 给我 帮我 解释 生成 书い 教え`},
	{"writing", `write writing written essay essays story stories poem poems poetry lyrics song haiku sonnet
limerick blog post article articles email emails letter letters paragraph paragraphs novel chapter scene
dialogue script screenplay speech caption captions slogan tagline headline headlines narrative fiction
fictional creative persuasive draft rewrite rephrase paraphrase proofread tweet newsletter resume
biography review reviews advertisement escribe escribir ensayo cuento historia poema carta correo écris
écrire histoire poème lettre rédige schreibe schreiben geschichte gedicht aufsatz brief escreva redação
scrivi racconto напиши рассказ стихотворение сочинение письмо 写 文章 故事 作文 小说 诗 邮件 書い 物語 小説`},
	{"reasoning", `reason reasoning logic logical logically deduce deduction infer inference conclude
conclusion puzzle riddle paradox argument arguments premise premises fallacy assume assumption suppose
hypothesis imply implies therefore thus hence consequently if either consistent contradiction evidence
compare contrast analyze analyse evaluate critique tradeoff tradeoffs prove logique raisonnement énigme
lógica razonamiento acertijo logik rätsel schlussfolgerung logica логика загадка следовательно 逻辑 推理 推断
如果 因此 所以 谜语 論理`},
	{"roleplay", `imagine role pretend roleplay persona character characters act acting assistant expert
interviewer therapist pirate wizard detective simulate embody impersonate scenario adventure dungeon
actúa imagina finge personaje incarne personnage rolle spiel tue stell personagem fingi interpreta
представь веди роль персонаж 扮演 假装 想象 角色 你是 役割 演じ`},
	{"extraction", `extract extracting identify list table tabulate parse classify categorize categorise
label labels tag tags summarize summarise summary summarization entities entity keywords key bullet json
csv yaml xml fields field column columns row rows format passage paragraph document article below given
according mentioned context extrae extraer resume resumen tabla extrais résumé tableau extrahiere
zusammenfassung fasse tabelle extraia resumo tabela estrai riassumi извлеки таблица резюме 提取 总结 概括 摘要 表格
抽出 要約`},
	{"translation", `translate translated translates translating translation translator english spanish
french german portuguese italian russian chinese mandarin japanese korean arabic hindi latin turkish
polish dutch swedish language languages idiom idioms traduce traducir traducción traduis traduire
traduction übersetze übersetzen übersetzung traduza traduzir tradução traduci tradurre переведи перевести
перевод 翻译 翻譯 译成 英语 英文 翻訳 英語`},
	{"steps", `first second third firstly secondly next then afterwards finally lastly step steps stepwise
subsequently primero luego después finalmente paso pasos d'abord ensuite puis enfin étape étapes zuerst
dann danach schließlich schritt schritte primeiro depois passo poi infine сначала затем потом наконец шаг
шаги 首先 然后 接着 最后 步骤 第一 まず 次に 最後`},
	{"constraints", `must exactly only least most maximum minimum max min limit limited between within
without words word sentences characters lines format formatted include includes including exclude avoid
ensure require required requires requirements constraint constraints strictly always never don't debe
exactamente máximo mínimo palabras doit exactement mots muss genau höchstens mindestens wörter deve
exatamente palavras должен ровно слов 必须 不要 只能 字数 以内 至少 不超`},
	{"referring", `above both neither none ii iii iv anteriores ninguna ninguno ambas ambos aucune aucun
keine keiner beide nenhuma nessuna entrambe ни оба`},
}

// listed holds, by word, the set of lists that hold it: bit 1<<k for lists[k].
var listed = func() map[string]uint32 {
	m := map[string]uint32{}
	for k, l := range lists {
		for _, w := range strings.Fields(l.words) {
			m[w] |= 1 << k
		}
	}
	return m
}()

// in reports whether a set of lists holds a list.
func in(set uint32, list int) bool { return set>>list&1 == 1 }
