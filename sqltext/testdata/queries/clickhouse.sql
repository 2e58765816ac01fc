-- scan
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isFinite(rl_score)) THEN 'score_not_finite'
      WHEN rl_strong IS NULL OR rl_weak IS NULL THEN 'quality_null'
      WHEN NOT (isFinite(rl_strong)) OR NOT (isFinite(rl_weak)) THEN 'quality_not_finite'
      WHEN rl_weight IS NULL OR NOT (isFinite(rl_weight)) OR rl_weight <= toFloat64(0.0) THEN 'weight_bad'
      WHEN rl_hash IS NULL THEN 'cluster_null'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  COUNT(CASE WHEN rl_state = 'quality_null' THEN 1 END) AS "quality_null",
  COUNT(CASE WHEN rl_state = 'quality_not_finite' THEN 1 END) AS "quality_not_finite",
  COUNT(CASE WHEN rl_state = 'weight_bad' THEN 1 END) AS "weight_bad",
  COUNT(CASE WHEN rl_state = 'cluster_null' THEN 1 END) AS "cluster_null",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  uniq(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_values"
FROM rl_checked

-- summary exact
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score)
      AND isFinite(rl_strong)
      AND isFinite(rl_weak)
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "n",
  COALESCE(SUM(rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM((rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2"
FROM rl_binned
GROUP BY rl_bin

-- summary all_at_once
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    COALESCE(toString("task"), '') AS rl_task,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score)
      AND isFinite(rl_strong)
      AND isFinite(rl_weak)
      AND isFinite(rl_weight)
      AND rl_weight > toFloat64(0.0)
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 0 THEN NULL
      WHEN rl_score < toFloat64(-4.4942328371557893e+307) THEN -1
      WHEN rl_score <= toFloat64(-2.0) THEN toInt64(FLOOR((rl_score - (toFloat64(-4.564455225236349e+307))) * toFloat64(1.424047269444609e-306)))
      WHEN rl_score <= toFloat64(-0.5) THEN toInt64(FLOOR((rl_score - (toFloat64(-2.015625))) * toFloat64(64.0))) + 102
      WHEN rl_score <= toFloat64(-9.332636185032189e-302) THEN toInt64(FLOOR((rl_score - (toFloat64(-0.5078125))) * toFloat64(128.0))) + 204
      WHEN rl_score <= toFloat64(0.5) THEN toInt64(FLOOR((rl_score - (toFloat64(-0.0078125))) * toFloat64(128.0))) + 306
      WHEN rl_score <= toFloat64(0.75) THEN toInt64(FLOOR((rl_score - toFloat64(0.49609375)) * toFloat64(256.0))) + 408
      WHEN rl_score <= toFloat64(3.0) THEN toInt64(FLOOR((rl_score - toFloat64(0.71875)) * toFloat64(32.0))) + 510
      WHEN rl_score <= toFloat64(1e+300) THEN toInt64(FLOOR((rl_score - (toFloat64(-1.0463951242053392e+298))) * toFloat64(9.556619453472961e-299))) + 612
      ELSE 714 END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE toFloat64(1.0) END AS rl_w,
    CASE WHEN rl_usable = 1 THEN rl_task END AS rl_slice,
    CASE WHEN rl_usable = 1 THEN toInt64(bitShiftRight(reinterpretAsUInt32(reverse(substring(rl_hash, 1, 4))), 4)) % 7 END AS rl_bucket
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  rl_slice AS "task",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_w * rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2"
FROM rl_binned
GROUP BY rl_bin, rl_slice, rl_bucket

-- summary refined_in_buckets
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score)
      AND isFinite(rl_strong)
      AND isFinite(rl_weak)
      AND isFinite(rl_weight)
      AND rl_weight > toFloat64(0.0)
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE toFloat64(1.0) END AS rl_w,
    CASE WHEN rl_usable = 1 THEN toInt64(bitShiftRight(reinterpretAsUInt32(reverse(substring(rl_hash, 1, 4))), 4)) % 20 END AS rl_bucket
  FROM rl_checked
), rl_placed AS (
  SELECT *, toFloat64(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s)) - toFloat64(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s RANGE BETWEEN CURRENT ROW AND CURRENT ROW)) / toFloat64(2.0) AS rl_below
  FROM rl_binned
)
SELECT rl_bin AS "bin",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_w * rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * rl_below), toFloat64(0.0)) AS "area"
FROM rl_placed
WHERE rl_s BETWEEN toFloat64(-0.25) AND toFloat64(0.0)
  OR rl_s BETWEEN toFloat64(0.12345678901234566) AND toFloat64(0.30000000000000004)
  OR rl_s BETWEEN toFloat64(1.0) AND toFloat64(1.0000000000000002)
GROUP BY rl_bin, rl_bucket

-- moves exact
WITH rl_rows AS (
  SELECT toFloat64("score:small") + toFloat64(0.0) AS rl_p0,
    toFloat64("cost:small") + toFloat64(0.0) AS rl_k0,
    toFloat64("quality:small") AS rl_q0,
    toFloat64("cost_usd:small") AS rl_c0,
    toFloat64("score:big") + toFloat64(0.0) AS rl_p1,
    toFloat64("cost:big") + toFloat64(0.0) AS rl_k1,
    toFloat64("quality:big") AS rl_q1,
    toFloat64("cost_usd:big") AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_p0)
      AND isFinite(rl_k0)
      AND isFinite(rl_q0)
      AND isFinite(rl_c0)
      AND rl_c0 >= toFloat64(0.0)
      AND isFinite(rl_p1)
      AND isFinite(rl_k1)
      AND isFinite(rl_q1)
      AND isFinite(rl_c1)
      AND rl_c1 >= toFloat64(0.0)
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(toFloat64(0.0), CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE toFloat64(0.0) END) AS rl_end0,
    LEAST(toFloat64(1.7976931348623157e+308), CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE toFloat64(1.7976931348623157e+308) END) AS rl_begin0,
    toFloat64(1.0) + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN toFloat64(1.0) ELSE toFloat64(0.0) END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE toFloat64(0.0) END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE toFloat64(0.0) END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(toFloat64(0.0), CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE toFloat64(0.0) END) AS rl_end1,
    LEAST(toFloat64(1.7976931348623157e+308), CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE toFloat64(1.7976931348623157e+308) END) AS rl_begin1,
    toFloat64(1.0) + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN toFloat64(1.0) ELSE toFloat64(0.0) END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE toFloat64(0.0) END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE toFloat64(0.0) END AS rl_cost1
  FROM rl_checked
), rl_envelope AS (
  SELECT *,
    CASE WHEN rl_usable = 1 AND rl_hidden0 = 0 AND rl_end0 < rl_begin0 THEN 1 ELSE 0 END AS rl_on0,
    CASE WHEN rl_usable = 1 AND rl_hidden1 = 0 AND rl_end1 < rl_begin1 THEN 1 ELSE 0 END AS rl_on1
  FROM rl_lines
), rl_models AS (
  SELECT 0 AS rl_m
  UNION ALL SELECT 1 AS rl_m
), rl_steps AS (
  SELECT rl_envelope.*, rl_m,
    CASE rl_m WHEN 0 THEN rl_on0 WHEN 1 THEN rl_on1 END AS rl_to_on,
    CASE rl_m WHEN 0 THEN rl_begin0 WHEN 1 THEN rl_begin1 END AS rl_to_begin,
    CASE rl_m WHEN 0 THEN rl_k0 WHEN 1 THEN rl_k1 END AS rl_to_k,
    CASE rl_m WHEN 0 THEN rl_p0 WHEN 1 THEN rl_p1 END AS rl_to_p,
    CASE rl_m WHEN 0 THEN rl_twins0 WHEN 1 THEN rl_twins1 END AS rl_to_twins,
    CASE rl_m WHEN 0 THEN rl_quality0 WHEN 1 THEN rl_quality1 END AS rl_to_quality,
    CASE rl_m WHEN 0 THEN rl_cost0 WHEN 1 THEN rl_cost1 END AS rl_to_cost
  FROM rl_envelope CROSS JOIN rl_models
), rl_before AS (
  SELECT *, GREATEST(toFloat64(-1.7976931348623157e+308), CASE WHEN rl_on0 = 1 AND rl_k0 < rl_to_k THEN rl_k0 ELSE toFloat64(-1.7976931348623157e+308) END, CASE WHEN rl_on1 = 1 AND rl_k1 < rl_to_k THEN rl_k1 ELSE toFloat64(-1.7976931348623157e+308) END) AS rl_from_k
  FROM rl_steps
  WHERE rl_to_on = 1 OR rl_usable = 0 AND rl_m = 0
), rl_pairs AS (
  SELECT *,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE toFloat64(0.0) END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE toFloat64(0.0) END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE toFloat64(0.0) END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE toFloat64(0.0) END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = toFloat64(1.7976931348623157e+308) THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = toFloat64(1.7976931348623157e+308) THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > toFloat64(0.0) THEN rl_from_quality / rl_from_twins ELSE toFloat64(0.0) END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > toFloat64(0.0) THEN rl_from_cost / rl_from_twins ELSE toFloat64(0.0) END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN toFloat64(1.0) / rl_to_twins ELSE toFloat64(0.0) END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN toFloat64(1.0) / rl_from_twins ELSE toFloat64(0.0) END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN toFloat64(1.0) / rl_to_twins ELSE toFloat64(0.0) END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN toFloat64(1.0) / rl_from_twins ELSE toFloat64(0.0) END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_c1 END AS rl_all_c1
  FROM rl_pairs
), rl_binned AS (
  SELECT *, rl_lambda AS rl_bin
  FROM rl_moves
)
SELECT rl_step AS "step",
  rl_bin AS "bin",
  MIN(rl_lambda) AS "lambda_min",
  MAX(rl_lambda) AS "lambda_max",
  COUNT(*) AS "n",
  COALESCE(SUM(rl_dq), toFloat64(0.0)) AS "quality",
  COALESCE(SUM(rl_dc), toFloat64(0.0)) AS "cost",
  COALESCE(SUM(CASE WHEN rl_dq < toFloat64(0.0) THEN rl_dq ELSE toFloat64(0.0) END), toFloat64(0.0)) AS "quality_loss",
  COALESCE(SUM(CASE WHEN rl_dc < toFloat64(0.0) THEN rl_dc ELSE toFloat64(0.0) END), toFloat64(0.0)) AS "cost_loss",
  COALESCE(SUM(rl_share0), toFloat64(0.0)) AS "chosen:small",
  COALESCE(SUM(rl_all_q0), toFloat64(0.0)) AS "quality:small",
  COALESCE(SUM(rl_all_c0), toFloat64(0.0)) AS "cost_usd:small",
  COALESCE(SUM(rl_share1), toFloat64(0.0)) AS "chosen:big",
  COALESCE(SUM(rl_all_q1), toFloat64(0.0)) AS "quality:big",
  COALESCE(SUM(rl_all_c1), toFloat64(0.0)) AS "cost_usd:big"
FROM rl_binned
GROUP BY rl_step, rl_bin

-- moves fixed_costs
WITH rl_rows AS (
  SELECT toFloat64("score:small") + toFloat64(0.0) AS rl_p0,
    toFloat64(0.001) AS rl_k0,
    toFloat64("quality:small") AS rl_q0,
    toFloat64("cost_usd:small") AS rl_c0,
    toFloat64("score:big") + toFloat64(0.0) AS rl_p1,
    toFloat64(0.03) AS rl_k1,
    toFloat64("quality:big") AS rl_q1,
    toFloat64("cost_usd:big") AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_p0)
      AND isFinite(rl_k0)
      AND isFinite(rl_q0)
      AND isFinite(rl_c0)
      AND rl_c0 >= toFloat64(0.0)
      AND isFinite(rl_p1)
      AND isFinite(rl_k1)
      AND isFinite(rl_q1)
      AND isFinite(rl_c1)
      AND rl_c1 >= toFloat64(0.0)
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(toFloat64(0.0), CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE toFloat64(0.0) END) AS rl_end0,
    LEAST(toFloat64(1.7976931348623157e+308), CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE toFloat64(1.7976931348623157e+308) END) AS rl_begin0,
    toFloat64(1.0) + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN toFloat64(1.0) ELSE toFloat64(0.0) END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE toFloat64(0.0) END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE toFloat64(0.0) END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(toFloat64(0.0), CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE toFloat64(0.0) END) AS rl_end1,
    LEAST(toFloat64(1.7976931348623157e+308), CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE toFloat64(1.7976931348623157e+308) END) AS rl_begin1,
    toFloat64(1.0) + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN toFloat64(1.0) ELSE toFloat64(0.0) END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE toFloat64(0.0) END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE toFloat64(0.0) END AS rl_cost1
  FROM rl_checked
), rl_envelope AS (
  SELECT *,
    CASE WHEN rl_usable = 1 AND rl_hidden0 = 0 AND rl_end0 < rl_begin0 THEN 1 ELSE 0 END AS rl_on0,
    CASE WHEN rl_usable = 1 AND rl_hidden1 = 0 AND rl_end1 < rl_begin1 THEN 1 ELSE 0 END AS rl_on1
  FROM rl_lines
), rl_models AS (
  SELECT 0 AS rl_m
  UNION ALL SELECT 1 AS rl_m
), rl_steps AS (
  SELECT rl_envelope.*, rl_m,
    CASE rl_m WHEN 0 THEN rl_on0 WHEN 1 THEN rl_on1 END AS rl_to_on,
    CASE rl_m WHEN 0 THEN rl_begin0 WHEN 1 THEN rl_begin1 END AS rl_to_begin,
    CASE rl_m WHEN 0 THEN rl_k0 WHEN 1 THEN rl_k1 END AS rl_to_k,
    CASE rl_m WHEN 0 THEN rl_p0 WHEN 1 THEN rl_p1 END AS rl_to_p,
    CASE rl_m WHEN 0 THEN rl_twins0 WHEN 1 THEN rl_twins1 END AS rl_to_twins,
    CASE rl_m WHEN 0 THEN rl_quality0 WHEN 1 THEN rl_quality1 END AS rl_to_quality,
    CASE rl_m WHEN 0 THEN rl_cost0 WHEN 1 THEN rl_cost1 END AS rl_to_cost
  FROM rl_envelope CROSS JOIN rl_models
), rl_before AS (
  SELECT *, GREATEST(toFloat64(-1.7976931348623157e+308), CASE WHEN rl_on0 = 1 AND rl_k0 < rl_to_k THEN rl_k0 ELSE toFloat64(-1.7976931348623157e+308) END, CASE WHEN rl_on1 = 1 AND rl_k1 < rl_to_k THEN rl_k1 ELSE toFloat64(-1.7976931348623157e+308) END) AS rl_from_k
  FROM rl_steps
  WHERE rl_to_on = 1 OR rl_usable = 0 AND rl_m = 0
), rl_pairs AS (
  SELECT *,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE toFloat64(0.0) END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE toFloat64(0.0) END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE toFloat64(0.0) END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE toFloat64(0.0) END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE toFloat64(0.0) END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = toFloat64(1.7976931348623157e+308) THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = toFloat64(1.7976931348623157e+308) THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > toFloat64(0.0) THEN rl_from_quality / rl_from_twins ELSE toFloat64(0.0) END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > toFloat64(0.0) THEN rl_from_cost / rl_from_twins ELSE toFloat64(0.0) END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN toFloat64(1.0) / rl_to_twins ELSE toFloat64(0.0) END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN toFloat64(1.0) / rl_from_twins ELSE toFloat64(0.0) END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN toFloat64(1.0) / rl_to_twins ELSE toFloat64(0.0) END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN toFloat64(1.0) / rl_from_twins ELSE toFloat64(0.0) END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = toFloat64(1.7976931348623157e+308) THEN rl_c1 END AS rl_all_c1
  FROM rl_pairs
), rl_binned AS (
  SELECT *, CASE WHEN rl_lambda IS NULL THEN NULL
      WHEN rl_lambda < toFloat64(0.5) THEN -1
      WHEN rl_lambda <= toFloat64(1.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(0.484375)) * toFloat64(64.0)))
      WHEN rl_lambda <= toFloat64(2.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(0.96875)) * toFloat64(32.0))) + 40
      WHEN rl_lambda <= toFloat64(4.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(1.9375)) * toFloat64(16.0))) + 80
      WHEN rl_lambda <= toFloat64(8.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(3.875)) * toFloat64(8.0))) + 120
      WHEN rl_lambda <= toFloat64(16.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(7.75)) * toFloat64(4.0))) + 160
      WHEN rl_lambda <= toFloat64(32.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(15.5)) * toFloat64(2.0))) + 200
      WHEN rl_lambda <= toFloat64(64.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(31.0)) * toFloat64(1.0))) + 240
      WHEN rl_lambda <= toFloat64(128.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(62.0)) * toFloat64(0.5))) + 280
      WHEN rl_lambda <= toFloat64(256.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(124.0)) * toFloat64(0.25))) + 320
      WHEN rl_lambda <= toFloat64(512.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(248.0)) * toFloat64(0.125))) + 360
      WHEN rl_lambda <= toFloat64(1024.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(496.0)) * toFloat64(0.0625))) + 400
      WHEN rl_lambda <= toFloat64(2048.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(992.0)) * toFloat64(0.03125))) + 440
      WHEN rl_lambda <= toFloat64(3000.0) THEN toInt64(FLOOR((rl_lambda - toFloat64(2016.0)) * toFloat64(0.03125))) + 480
      ELSE 520 END AS rl_bin
  FROM rl_moves
)
SELECT rl_step AS "step",
  rl_bin AS "bin",
  MIN(rl_lambda) AS "lambda_min",
  MAX(rl_lambda) AS "lambda_max",
  COUNT(*) AS "n",
  COALESCE(SUM(rl_dq), toFloat64(0.0)) AS "quality",
  COALESCE(SUM(rl_dc), toFloat64(0.0)) AS "cost",
  COALESCE(SUM(CASE WHEN rl_dq < toFloat64(0.0) THEN rl_dq ELSE toFloat64(0.0) END), toFloat64(0.0)) AS "quality_loss",
  COALESCE(SUM(CASE WHEN rl_dc < toFloat64(0.0) THEN rl_dc ELSE toFloat64(0.0) END), toFloat64(0.0)) AS "cost_loss",
  COALESCE(SUM(rl_share0), toFloat64(0.0)) AS "chosen:small",
  COALESCE(SUM(rl_all_q0), toFloat64(0.0)) AS "quality:small",
  COALESCE(SUM(rl_all_c0), toFloat64(0.0)) AS "cost_usd:small",
  COALESCE(SUM(rl_share1), toFloat64(0.0)) AS "chosen:big",
  COALESCE(SUM(rl_all_q1), toFloat64(0.0)) AS "quality:big",
  COALESCE(SUM(rl_all_c1), toFloat64(0.0)) AS "cost_usd:big"
FROM rl_binned
GROUP BY rl_step, rl_bin

-- scan of some rows
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score
  FROM {{ ref('logs') }}
  WHERE (day = '2026-11-01' -- a comment
  )
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isFinite(rl_score)) THEN 'score_not_finite'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  uniq(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_values"
FROM rl_checked

-- duplicates
WITH rl_prompts AS (
  SELECT toString("prompt_norm_sha256") AS rl_digest,
    toString("sample_id") AS rl_id,
    COALESCE(toString("cluster"), toString("sample_id")) AS rl_cluster
  FROM logs
)
SELECT rl_digest AS "digest",
  COUNT(*) AS "n",
  COUNT(DISTINCT rl_cluster) AS "clusters",
  MIN(rl_id) AS "first_id",
  MAX(rl_id) AS "last_id"
FROM rl_prompts
WHERE rl_digest IS NOT NULL
GROUP BY rl_digest
HAVING COUNT(*) > 1

-- leaks
WITH rl_prompts AS (
  SELECT toString("prompt_norm_sha256") AS rl_digest,
    toString("sample_id") AS rl_id,
    COALESCE(toString("cluster"), toString("sample_id")) AS rl_cluster
  FROM logs
), rl_known AS (
  SELECT DISTINCT toString("prompt_norm_sha256") AS rl_known_digest
  FROM digests
)
SELECT rl_id AS "id",
  rl_digest AS "digest"
FROM rl_prompts
JOIN rl_known ON rl_known_digest = rl_digest

