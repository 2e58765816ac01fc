package results

import "io"

// Judging says what a language model's labels of answers are, and how far they can be trusted.
type Judging struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Inputs        []Input       `json:"inputs"`
	Labels        string        `json:"labels"` // name of the columns NAME:MODEL
	Unit          string        `json:"unit"`   // unit of the labels
	Min           Value         `json:"min"`    // smallest possible label
	Max           Value         `json:"max"`    // largest possible label
	Rows          int           `json:"rows"`
	Clusters      int           `json:"clusters"`
	Judge         JudgeSetup    `json:"judge"`
	Replies       JudgeReplies  `json:"replies"`
	Usage         JudgeUsage    `json:"usage"`
	Models        []JudgedModel `json:"models"`
	Pairs         []JudgedPair  `json:"pairs,omitempty"` // only where two answers were compared
	Intervals     Intervals     `json:"intervals"`
	Checks        []JudgeCheck  `json:"checks"`
	Trust         JudgeTrust    `json:"trust"`
	Meaning       string        `json:"meaning"` // what the checks together mean for the reader's decision
	Warnings      []string      `json:"warnings"`
}

// JudgeSetup says which judge was asked, and how.
type JudgeSetup struct {
	Name         string `json:"name"`
	Model        string `json:"model"`              // name of the model on its server
	Answered     string `json:"answered,omitempty"` // name of the model that the server says answered
	Mode         string `json:"mode"`               // "grade" or "pair"
	Prompt       string `json:"prompt"`             // "built in" or the user's file
	PromptSHA256 string `json:"prompt_sha256"`      // digest of the texts that ask the judge
	Gold         string `json:"gold,omitempty"`     // column of the correct answers that the judge saw
	Versus       string `json:"versus,omitempty"`   // model that all others were compared with, or "all"
	Expected     bool   `json:"expected"`           // whether labels are means over the judge's likely ones
}

// JudgeReplies counts the replies to questions.
type JudgeReplies struct {
	Questions  int            `json:"questions"`
	Repeats    int            `json:"repeats"` // questions among them that repeat others
	Alike      int            `json:"alike"`   // pairs of equal answers, which are ties without a question
	Judged     int            `json:"judged"`
	Refused    int            `json:"refused"`
	Unreadable int            `json:"unreadable"`
	Failed     int            `json:"failed"`
	Reasons    map[string]int `json:"reasons,omitempty"` // replies without a label, by reason
	// Plain counts the labels that are as the judge wrote them although others are means over its
	// likely ones.
	Plain int `json:"plain"`
	// Mass is the mean probability that the judge gave to labels in the place of its label; null
	// without log-probabilities.
	Mass Value `json:"mass"`
}

// JudgeUsage says what judging took.
type JudgeUsage struct {
	Asked        int   `json:"asked"`  // questions that were sent
	Cached       int   `json:"cached"` // questions that the cache answered
	InputTokens  Value `json:"input_tokens"`
	OutputTokens Value `json:"output_tokens"`
	CostUSD      Value `json:"cost_usd"` // the cost of all replies; null if one is not known
	PaidUSD      Value `json:"paid_usd"` // the cost of the replies that were sent now
}

// JudgedModel holds the labels of one model.
type JudgedModel struct {
	Model     string `json:"model"`
	Answers   int    `json:"answers"`
	Labelled  int    `json:"labelled"`
	Mean      Metric `json:"mean"`
	MeanChars Value  `json:"mean_chars"` // mean length of the labelled answers
}

// JudgedPair counts the verdicts on two models.
type JudgedPair struct {
	A      string `json:"model_a"`
	B      string `json:"model_b"`
	WonByA int    `json:"won_by_a"`
	WonByB int    `json:"won_by_b"`
	Ties   int    `json:"ties"` // flips among them
	Flips  int    `json:"flips"`
	None   int    `json:"none"` // pairs without a verdict
}

// JudgeCheck is one check of a judge.
type JudgeCheck struct {
	Name   string `json:"name"`
	Metric        // the checked number with its interval
	Items  int    `json:"items"` // answers, pairs or questions that the number comes from
	// Clusters is the number of independent groups of them.
	Clusters int        `json:"clusters"`
	State    JudgeState `json:"state"`
	Meaning  string     `json:"meaning"` // what the number means for the reader's decision
}

// JudgeState says what a check found.
type JudgeState string

// The states of a check.
const (
	JudgeGood    JudgeState = "good"
	JudgeFair    JudgeState = "fair"
	JudgeBad     JudgeState = "bad"
	JudgeUnknown JudgeState = "unknown" // too few items to tell
)

// JudgeTrust says how labels may be used to route.
type JudgeTrust string

// The degrees of trust.
const (
	TrustYes       JudgeTrust = "yes"       // as they are
	TrustCorrected JudgeTrust = "corrected" // with a correction by gold labels
	TrustNo        JudgeTrust = "no"
	TrustUnknown   JudgeTrust = "unknown" // nothing says whether they are right
)

// The names of the checks.
const (
	CheckAccuracy   = "accuracy"           // share of pairs with different other labels that the judge orders as those do
	CheckAgreement  = "agreement"          // kappa with other labels
	CheckRelation   = "correlation"        // correlation with other labels
	CheckVotes      = "votes"              // share of votes for one of two answers that the judge's labels agree with
	CheckRepeat     = "repeat"             // kappa of the judge with itself, asked again
	CheckPosition   = "position_bias"      // preference for the answer shown first, in [-1,1]
	CheckFlips      = "flips"              // share of pairs whose winner changes with the order
	CheckLength     = "length_correlation" // partial correlation of labels with the answers' lengths
	CheckDoubling   = "length_slope"       // change of the label per doubling of the length
	CheckUnlabelled = "unlabelled"         // share of the questions without a label
)

// Write writes the document as JSON with one newline at the end.
func (j *Judging) Write(w io.Writer) error { return writeJSON(w, j) }
