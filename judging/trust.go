package judging

import (
	"slices"

	"github.com/routellm/routellm/results"
)

// Trust says from all checks how the labels may be used to route, and why.
func Trust(checks []results.JudgeCheck) (results.JudgeTrust, string) {
	primary := slices.IndexFunc(checks, func(c results.JudgeCheck) bool {
		return c.Name == results.CheckAccuracy || c.Name == results.CheckVotes || c.Name == results.CheckAgreement || c.Name == results.CheckRelation
	})
	if primary < 0 {
		return results.TrustUnknown, "Nothing here says whether the labels are right: no answer has a label that is known to be. " +
			"Label a part of the answers by hand or by their correct answers, give them in the file (--against), and run this command again; the judge's answers are kept."
	}
	switch p := checks[primary]; p.State {
	case results.JudgeBad:
		return results.TrustNo, "Do not train or choose a router by these labels: " + p.Meaning + "."
	case results.JudgeUnknown:
		return results.TrustUnknown, "There is too little to say whether the labels are right: " + p.Meaning + ". Label more answers and run this command again."
	case results.JudgeGood:
		if fault := worst(checks); fault != "" {
			return results.TrustCorrected, "The labels are useful but biased: " + fault + ". " + correction
		}
		return results.TrustYes, "These labels may be used to train and to choose routers: " + p.Meaning + ". What they promise of a router's quality is in the judge's units; eval --gold-part gives it in those of the known labels."
	default:
		why := p.Meaning
		if fault := worst(checks); fault != "" {
			why += "; " + fault
		}
		return results.TrustCorrected, "The labels are useful but not exact: " + why + ". " + correction
	}
}

const correction = "Train on them, but measure routers with eval --gold-part, which corrects the labels by the known ones."

// worst returns the meaning of a check that found a fault, or "".
func worst(checks []results.JudgeCheck) string {
	for _, c := range checks {
		if c.State == results.JudgeBad && c.Name != results.CheckPosition && c.Name != results.CheckFlips {
			return c.Meaning
		}
	}
	return ""
}
