package results

// Correction says how cheap labels were corrected by the gold labels of a part of the samples
// (prediction-powered inference; see package eval/ppi).
type Correction struct {
	Labels   string           `json:"labels"`                  // name of the cheap labels
	Gold     string           `json:"gold"`                    // name of the gold labels
	File     *Input           `json:"file,omitempty"`          // file of the gold labels; absent if they are in the data
	Samples  int              `json:"gold_samples"`            // samples with the gold labels of all models
	Clusters int              `json:"gold_clusters"`           // clusters that hold one
	Partly   int              `json:"partly_gold,omitempty"`   // samples with gold labels of some models, which count as without
	Weighted bool             `json:"gold_weighted,omitempty"` // gold samples were drawn with unequal probabilities
	Models   []CorrectedModel `json:"models"`
	// Effective is the number of gold samples that would tell as much about the gap alone; null among
	// several models.
	Effective Value `json:"effective"`
}

// CorrectedModel says how the labels of one model were corrected.
type CorrectedModel struct {
	Model string `json:"model"`
	// Lambda is the weight of the cheap label: by how much gold rises with it, at least 0.
	Lambda      Value `json:"lambda"`
	Offset      Value `json:"offset"`      // what gold labels are above lambda times the cheap label, on average
	Correlation Value `json:"correlation"` // correlation of both labels on the gold samples
	Effective   Value `json:"effective"`   // number of gold samples that would tell as much about the model's mean alone
}
