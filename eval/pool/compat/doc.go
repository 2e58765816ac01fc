// Package compat computes the figures of other programs for routing among several models as those
// programs compute them, so that published numbers can be compared. Package eval/pool has the
// definitions that this project stands behind. The programs are RouterBench (withmartian/routerbench
// cc67d10, arXiv 2403.12031), RouterArena (RouteWorks/RouterArena 4714a9a), RouterEval
// (MilkThink-Lab/RouterEval 2edf54d) and LLMRouterBench (ynulihao/LLMRouterBench, January 2026).
package compat
