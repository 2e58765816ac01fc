// Package bert scores prompts with a BERT classifier in a Hugging Face folder. The
// network runs in ONNX Runtime, a shared library, so only in a build with cgo and the
// tag onnx: `make build-onnx`. In any other build Open checks the folder and then says so.
package bert

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
)

// Options of a classifier. The zero value is the default.
type Options struct {
	// Library is the path of ONNX Runtime's shared library. Where it is "", it is
	// $ROUTELLM_ONNXRUNTIME, or looked for beside the program and in the usual places.
	Library string
	// Threads is how many prompts are scored at a time; 0 stands for all cores.
	Threads int
}

// Router is what [Open] returns. One with a training.safetensors in its folder also has
// the optional interfaces routers.Trained and routers.Paired.
type Router interface {
	routers.Router
	routers.Weighted
}

// network is a loaded model.onnx. logits is safe for concurrent use.
type network interface {
	logits(ids []int64) ([]float32, error)
}

// classifier scores prompts one by one, without padding, so that a score depends on its
// prompt alone.
type classifier struct {
	folder  *folder
	network network
	threads int
	sha256  string
}

// Open reads a folder:
//
//	model.onnx             inputs input_ids, attention_mask and perhaps token_type_ids, one output of logits
//	config.json            the label map; the longest sequence
//	vocab.txt              BERT's uncased vocabulary; or tokenizer.json with it
//	tokenizer_config.json  a shorter longest sequence; may be absent
//	training.safetensors   digests of the training prompts; may be absent
//
// A folder for another kind of network, tokenizer or label map is refused.
func Open(dir string, o Options) (Router, error) {
	f, err := readFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", dir, err)
	}
	path := filepath.Join(dir, modelFile)
	digest, err := datasets.Digest(path)
	if err != nil {
		return nil, err
	}
	trained, err := modelfile.FolderCard(dir, "routellm-bert")
	if err != nil {
		return nil, err
	}
	n, err := openNetwork(path, o.Library, len(f.strong))
	if err != nil {
		return nil, err
	}
	c := &classifier{folder: f, network: n, threads: o.Threads, sha256: digest}
	if c.threads <= 0 {
		c.threads = runtime.GOMAXPROCS(0)
	}
	if trained != nil {
		return &trainedClassifier{c, trained}, nil
	}
	return c, nil
}

// Needs returns the text.
func (c *classifier) Needs() routers.Needs { return routers.Needs{Text: true} }

// SHA256 returns the digest of model.onnx.
func (c *classifier) SHA256() string { return c.sha256 }

// Scores returns the win rates: the probability of the labels that call for the strong
// model.
func (c *classifier) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(c.threads)
	for i, p := range prompts {
		if running.Err() != nil {
			break
		}
		g.Go(func() (err error) {
			out[i], err = c.score(p.Text)
			if err != nil {
				return fmt.Errorf("prompt %q: %w", p.ID, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, ctx.Err()
}

func (c *classifier) score(text string) (float64, error) {
	logits, err := c.network.logits(c.folder.ids(text))
	if err != nil {
		return 0, err
	}
	rate := winRate(logits, c.folder.strong)
	if math.IsNaN(rate) {
		return 0, fmt.Errorf("the network's output %v is not finite", logits)
	}
	return rate, nil
}

// winRate is the softmax of the logits, summed over the labels that call for the strong
// model.
func winRate(logits []float32, strong []bool) float64 {
	top, all, won := math.Inf(-1), 0.0, 0.0
	for _, z := range logits {
		top = max(top, float64(z))
	}
	for i, z := range logits {
		p := math.Exp(float64(z) - top)
		all += p
		if strong[i] {
			won += p
		}
	}
	return won / all
}
