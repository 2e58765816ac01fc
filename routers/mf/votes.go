package mf

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// vote is a battle seen from model a: its chance to win is sigmoid(r_a - r_b).
type vote struct {
	a, b int
	won  float64 // 1, 0, or 0.5 for a tie
}

// halfWins is what a winner is worth to model_a. A tie that cannot be told from a
// loss of the other model counts as that loss.
var halfWins = map[string]float64{"model_a": 1, "model_b": 0, "tie": 0.5, "tie_or_model_a": 1, "tie_or_model_b": 0}

// voteLabels returns, for each battle, whether the stronger model won and what is
// left of that after its Bradley-Terry expectation.
func voteLabels(modelA, modelB, winner []string) (label, won []float64) {
	ids := map[string]int{}
	id := func(name string) int {
		if _, ok := ids[name]; !ok {
			ids[name] = len(ids)
		}
		return ids[name]
	}
	votes := make([]vote, len(winner))
	for i, w := range winner {
		votes[i] = vote{id(modelA[i]), id(modelB[i]), halfWins[w]}
	}
	rating := bradleyTerry(votes, len(ids))
	for i, v := range votes {
		// A half-known tie says itself which of the two was the stronger.
		aStrong := winner[i] == "tie_or_model_b" || winner[i] != "tie_or_model_a" && rating[v.a] >= rating[v.b]
		gap := rating[v.a] - rating[v.b]
		strongWon := winner[i] == "model_a"
		if !aStrong {
			gap, strongWon = -gap, winner[i] == "model_b"
		}
		y := 0.0
		if strongWon {
			y = 1
		}
		label, won = append(label, y-sigmoid(gap)), append(won, y)
	}
	return label, won
}

// btPrior is the precision of the ratings' normal prior: it keeps the rating of a
// model that never lost finite.
const btPrior = 1.0

// bradleyTerry returns the models' ratings, by Newton's method.
func bradleyTerry(votes []vote, models int) []float64 {
	rating := make([]float64, models)
	for range 50 {
		gradient, hessian := mat.NewVecDense(models, nil), mat.NewSymDense(models, nil)
		for i, r := range rating {
			gradient.SetVec(i, btPrior*r)
			hessian.SetSym(i, i, btPrior)
		}
		for _, v := range votes {
			p := sigmoid(rating[v.a] - rating[v.b])
			gradient.SetVec(v.a, gradient.AtVec(v.a)+p-v.won)
			gradient.SetVec(v.b, gradient.AtVec(v.b)-p+v.won)
			h := p * (1 - p)
			hessian.SetSym(v.a, v.a, hessian.At(v.a, v.a)+h)
			hessian.SetSym(v.b, v.b, hessian.At(v.b, v.b)+h)
			hessian.SetSym(v.a, v.b, hessian.At(v.a, v.b)-h)
		}
		largest := 0.0
		for i, step := range solve(hessian, gradient) {
			rating[i] -= step
			largest = max(largest, math.Abs(step))
		}
		if largest < 1e-10 {
			break
		}
	}
	return rating
}

// solve solves a positive definite system.
func solve(a *mat.SymDense, b *mat.VecDense) []float64 {
	var c mat.Cholesky
	var x mat.VecDense
	if !c.Factorize(a) {
		panic("mf: a ridge made of positive parts is not positive definite")
	}
	if err := c.SolveVecTo(&x, b); err != nil {
		panic(err) // only a condition number beyond 1e16, which a ridge excludes
	}
	return x.RawVector().Data
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
