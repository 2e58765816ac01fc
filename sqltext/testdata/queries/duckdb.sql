-- scan
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + 0e+00 AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    md5(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isfinite(rl_score)) THEN 'score_not_finite'
      WHEN rl_strong IS NULL OR rl_weak IS NULL THEN 'quality_null'
      WHEN NOT (isfinite(rl_strong)) OR NOT (isfinite(rl_weak)) THEN 'quality_not_finite'
      WHEN rl_weight IS NULL OR NOT (isfinite(rl_weight)) OR rl_weight <= 0e+00 THEN 'weight_bad'
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
  approx_count_distinct(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_values"
FROM rl_checked

-- summary exact
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + 0e+00 AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isfinite(rl_score)
      AND isfinite(rl_strong)
      AND isfinite(rl_weak)
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
  COALESCE(SUM(rl_a), 0e+00) AS "strong",
  COALESCE(SUM(rl_b), 0e+00) AS "weak",
  COALESCE(SUM((rl_a - rl_b) * (rl_a - rl_b)), 0e+00) AS "gain2"
FROM rl_binned
GROUP BY rl_bin

-- summary all_at_once
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + 0e+00 AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    COALESCE(CAST("task" AS VARCHAR), '') AS rl_task,
    md5(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isfinite(rl_score)
      AND isfinite(rl_strong)
      AND isfinite(rl_weak)
      AND isfinite(rl_weight)
      AND rl_weight > 0e+00
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 0 THEN NULL
      WHEN rl_score < -4.4942328371557893e+307 THEN -1
      WHEN rl_score <= -2e+00 THEN CAST(FLOOR((rl_score - (-4.564455225236349e+307)) * 1.424047269444609e-306) AS BIGINT)
      WHEN rl_score <= -5e-01 THEN CAST(FLOOR((rl_score - (-2.015625e+00)) * 6.4e+01) AS BIGINT) + 102
      WHEN rl_score <= -9.332636185032189e-302 THEN CAST(FLOOR((rl_score - (-5.078125e-01)) * 1.28e+02) AS BIGINT) + 204
      WHEN rl_score <= 5e-01 THEN CAST(FLOOR((rl_score - (-7.8125e-03)) * 1.28e+02) AS BIGINT) + 306
      WHEN rl_score <= 7.5e-01 THEN CAST(FLOOR((rl_score - 4.9609375e-01) * 2.56e+02) AS BIGINT) + 408
      WHEN rl_score <= 3e+00 THEN CAST(FLOOR((rl_score - 7.1875e-01) * 3.2e+01) AS BIGINT) + 510
      WHEN rl_score <= 1e+300 THEN CAST(FLOOR((rl_score - (-1.0463951242053392e+298)) * 9.556619453472961e-299) AS BIGINT) + 612
      ELSE 714 END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE 1e+00 END AS rl_w,
    CASE WHEN rl_usable = 1 THEN rl_task END AS rl_slice,
    CASE WHEN rl_usable = 1 THEN CAST('0x' || substr(rl_hash, 1, 7) AS BIGINT) % 7 END AS rl_bucket
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  rl_slice AS "task",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), 0e+00) AS "strong",
  COALESCE(SUM(rl_w * rl_b), 0e+00) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), 0e+00) AS "gain2"
FROM rl_binned
GROUP BY rl_bin, rl_slice, rl_bucket

-- summary refined_in_buckets
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + 0e+00 AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    md5(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isfinite(rl_score)
      AND isfinite(rl_strong)
      AND isfinite(rl_weak)
      AND isfinite(rl_weight)
      AND rl_weight > 0e+00
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE 1e+00 END AS rl_w,
    CASE WHEN rl_usable = 1 THEN CAST('0x' || substr(rl_hash, 1, 7) AS BIGINT) % 20 END AS rl_bucket
  FROM rl_checked
), rl_placed AS (
  SELECT *, CAST(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s) AS DOUBLE) - CAST(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS DOUBLE) / 2e+00 AS rl_below
  FROM rl_binned
)
SELECT rl_bin AS "bin",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), 0e+00) AS "strong",
  COALESCE(SUM(rl_w * rl_b), 0e+00) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), 0e+00) AS "gain2",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * rl_below), 0e+00) AS "area"
FROM rl_placed
WHERE rl_s BETWEEN -2.5e-01 AND 0e+00
  OR rl_s BETWEEN 1.2345678901234566e-01 AND 3.0000000000000004e-01
  OR rl_s BETWEEN 1e+00 AND 1.0000000000000002e+00
GROUP BY rl_bin, rl_bucket

-- moves exact
WITH rl_rows AS (
  SELECT CAST("score:small" AS DOUBLE) + 0e+00 AS rl_p0,
    CAST("cost:small" AS DOUBLE) + 0e+00 AS rl_k0,
    CAST("quality:small" AS DOUBLE) AS rl_q0,
    CAST("cost_usd:small" AS DOUBLE) AS rl_c0,
    CAST("score:big" AS DOUBLE) + 0e+00 AS rl_p1,
    CAST("cost:big" AS DOUBLE) + 0e+00 AS rl_k1,
    CAST("quality:big" AS DOUBLE) AS rl_q1,
    CAST("cost_usd:big" AS DOUBLE) AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN isfinite(rl_p0)
      AND isfinite(rl_k0)
      AND isfinite(rl_q0)
      AND isfinite(rl_c0)
      AND rl_c0 >= 0e+00
      AND isfinite(rl_p1)
      AND isfinite(rl_k1)
      AND isfinite(rl_q1)
      AND isfinite(rl_c1)
      AND rl_c1 >= 0e+00
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(0e+00, CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 0e+00 END) AS rl_end0,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 1.7976931348623157e+308 END) AS rl_begin0,
    1e+00 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN 1e+00 ELSE 0e+00 END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE 0e+00 END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE 0e+00 END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(0e+00, CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 0e+00 END) AS rl_end1,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 1.7976931348623157e+308 END) AS rl_begin1,
    1e+00 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN 1e+00 ELSE 0e+00 END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE 0e+00 END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE 0e+00 END AS rl_cost1
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
  SELECT *, GREATEST(-1.7976931348623157e+308, CASE WHEN rl_on0 = 1 AND rl_k0 < rl_to_k THEN rl_k0 ELSE -1.7976931348623157e+308 END, CASE WHEN rl_on1 = 1 AND rl_k1 < rl_to_k THEN rl_k1 ELSE -1.7976931348623157e+308 END) AS rl_from_k
  FROM rl_steps
  WHERE rl_to_on = 1 OR rl_usable = 0 AND rl_m = 0
), rl_pairs AS (
  SELECT *,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE 0e+00 END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE 0e+00 END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE 0e+00 END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE 0e+00 END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = 1.7976931348623157e+308 THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = 1.7976931348623157e+308 THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > 0e+00 THEN rl_from_quality / rl_from_twins ELSE 0e+00 END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > 0e+00 THEN rl_from_cost / rl_from_twins ELSE 0e+00 END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN 1e+00 / rl_to_twins ELSE 0e+00 END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN 1e+00 / rl_from_twins ELSE 0e+00 END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN 1e+00 / rl_to_twins ELSE 0e+00 END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN 1e+00 / rl_from_twins ELSE 0e+00 END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c1 END AS rl_all_c1
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
  COALESCE(SUM(rl_dq), 0e+00) AS "quality",
  COALESCE(SUM(rl_dc), 0e+00) AS "cost",
  COALESCE(SUM(CASE WHEN rl_dq < 0e+00 THEN rl_dq ELSE 0e+00 END), 0e+00) AS "quality_loss",
  COALESCE(SUM(CASE WHEN rl_dc < 0e+00 THEN rl_dc ELSE 0e+00 END), 0e+00) AS "cost_loss",
  COALESCE(SUM(rl_share0), 0e+00) AS "chosen:small",
  COALESCE(SUM(rl_all_q0), 0e+00) AS "quality:small",
  COALESCE(SUM(rl_all_c0), 0e+00) AS "cost_usd:small",
  COALESCE(SUM(rl_share1), 0e+00) AS "chosen:big",
  COALESCE(SUM(rl_all_q1), 0e+00) AS "quality:big",
  COALESCE(SUM(rl_all_c1), 0e+00) AS "cost_usd:big"
FROM rl_binned
GROUP BY rl_step, rl_bin

-- moves fixed_costs
WITH rl_rows AS (
  SELECT CAST("score:small" AS DOUBLE) + 0e+00 AS rl_p0,
    1e-03 AS rl_k0,
    CAST("quality:small" AS DOUBLE) AS rl_q0,
    CAST("cost_usd:small" AS DOUBLE) AS rl_c0,
    CAST("score:big" AS DOUBLE) + 0e+00 AS rl_p1,
    3e-02 AS rl_k1,
    CAST("quality:big" AS DOUBLE) AS rl_q1,
    CAST("cost_usd:big" AS DOUBLE) AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN isfinite(rl_p0)
      AND isfinite(rl_k0)
      AND isfinite(rl_q0)
      AND isfinite(rl_c0)
      AND rl_c0 >= 0e+00
      AND isfinite(rl_p1)
      AND isfinite(rl_k1)
      AND isfinite(rl_q1)
      AND isfinite(rl_c1)
      AND rl_c1 >= 0e+00
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(0e+00, CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 0e+00 END) AS rl_end0,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 1.7976931348623157e+308 END) AS rl_begin0,
    1e+00 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN 1e+00 ELSE 0e+00 END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE 0e+00 END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE 0e+00 END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(0e+00, CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 0e+00 END) AS rl_end1,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 1.7976931348623157e+308 END) AS rl_begin1,
    1e+00 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN 1e+00 ELSE 0e+00 END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE 0e+00 END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE 0e+00 END AS rl_cost1
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
  SELECT *, GREATEST(-1.7976931348623157e+308, CASE WHEN rl_on0 = 1 AND rl_k0 < rl_to_k THEN rl_k0 ELSE -1.7976931348623157e+308 END, CASE WHEN rl_on1 = 1 AND rl_k1 < rl_to_k THEN rl_k1 ELSE -1.7976931348623157e+308 END) AS rl_from_k
  FROM rl_steps
  WHERE rl_to_on = 1 OR rl_usable = 0 AND rl_m = 0
), rl_pairs AS (
  SELECT *,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE 0e+00 END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE 0e+00 END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE 0e+00 END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE 0e+00 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE 0e+00 END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = 1.7976931348623157e+308 THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = 1.7976931348623157e+308 THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > 0e+00 THEN rl_from_quality / rl_from_twins ELSE 0e+00 END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > 0e+00 THEN rl_from_cost / rl_from_twins ELSE 0e+00 END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN 1e+00 / rl_to_twins ELSE 0e+00 END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN 1e+00 / rl_from_twins ELSE 0e+00 END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN 1e+00 / rl_to_twins ELSE 0e+00 END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN 1e+00 / rl_from_twins ELSE 0e+00 END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c1 END AS rl_all_c1
  FROM rl_pairs
), rl_binned AS (
  SELECT *, CASE WHEN rl_lambda IS NULL THEN NULL
      WHEN rl_lambda < 5e-01 THEN -1
      WHEN rl_lambda <= 1e+00 THEN CAST(FLOOR((rl_lambda - 4.84375e-01) * 6.4e+01) AS BIGINT)
      WHEN rl_lambda <= 2e+00 THEN CAST(FLOOR((rl_lambda - 9.6875e-01) * 3.2e+01) AS BIGINT) + 40
      WHEN rl_lambda <= 4e+00 THEN CAST(FLOOR((rl_lambda - 1.9375e+00) * 1.6e+01) AS BIGINT) + 80
      WHEN rl_lambda <= 8e+00 THEN CAST(FLOOR((rl_lambda - 3.875e+00) * 8e+00) AS BIGINT) + 120
      WHEN rl_lambda <= 1.6e+01 THEN CAST(FLOOR((rl_lambda - 7.75e+00) * 4e+00) AS BIGINT) + 160
      WHEN rl_lambda <= 3.2e+01 THEN CAST(FLOOR((rl_lambda - 1.55e+01) * 2e+00) AS BIGINT) + 200
      WHEN rl_lambda <= 6.4e+01 THEN CAST(FLOOR((rl_lambda - 3.1e+01) * 1e+00) AS BIGINT) + 240
      WHEN rl_lambda <= 1.28e+02 THEN CAST(FLOOR((rl_lambda - 6.2e+01) * 5e-01) AS BIGINT) + 280
      WHEN rl_lambda <= 2.56e+02 THEN CAST(FLOOR((rl_lambda - 1.24e+02) * 2.5e-01) AS BIGINT) + 320
      WHEN rl_lambda <= 5.12e+02 THEN CAST(FLOOR((rl_lambda - 2.48e+02) * 1.25e-01) AS BIGINT) + 360
      WHEN rl_lambda <= 1.024e+03 THEN CAST(FLOOR((rl_lambda - 4.96e+02) * 6.25e-02) AS BIGINT) + 400
      WHEN rl_lambda <= 2.048e+03 THEN CAST(FLOOR((rl_lambda - 9.92e+02) * 3.125e-02) AS BIGINT) + 440
      WHEN rl_lambda <= 3e+03 THEN CAST(FLOOR((rl_lambda - 2.016e+03) * 3.125e-02) AS BIGINT) + 480
      ELSE 520 END AS rl_bin
  FROM rl_moves
)
SELECT rl_step AS "step",
  rl_bin AS "bin",
  MIN(rl_lambda) AS "lambda_min",
  MAX(rl_lambda) AS "lambda_max",
  COUNT(*) AS "n",
  COALESCE(SUM(rl_dq), 0e+00) AS "quality",
  COALESCE(SUM(rl_dc), 0e+00) AS "cost",
  COALESCE(SUM(CASE WHEN rl_dq < 0e+00 THEN rl_dq ELSE 0e+00 END), 0e+00) AS "quality_loss",
  COALESCE(SUM(CASE WHEN rl_dc < 0e+00 THEN rl_dc ELSE 0e+00 END), 0e+00) AS "cost_loss",
  COALESCE(SUM(rl_share0), 0e+00) AS "chosen:small",
  COALESCE(SUM(rl_all_q0), 0e+00) AS "quality:small",
  COALESCE(SUM(rl_all_c0), 0e+00) AS "cost_usd:small",
  COALESCE(SUM(rl_share1), 0e+00) AS "chosen:big",
  COALESCE(SUM(rl_all_q1), 0e+00) AS "quality:big",
  COALESCE(SUM(rl_all_c1), 0e+00) AS "cost_usd:big"
FROM rl_binned
GROUP BY rl_step, rl_bin

-- scan of some rows
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + 0e+00 AS rl_score
  FROM {{ ref('logs') }}
  WHERE (day = '2026-11-01' -- a comment
  )
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isfinite(rl_score)) THEN 'score_not_finite'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  approx_count_distinct(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_values"
FROM rl_checked

-- duplicates
WITH rl_prompts AS (
  SELECT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_digest,
    CAST("sample_id" AS VARCHAR) AS rl_id,
    COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR)) AS rl_cluster
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
  SELECT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_digest,
    CAST("sample_id" AS VARCHAR) AS rl_id,
    COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR)) AS rl_cluster
  FROM logs
), rl_known AS (
  SELECT DISTINCT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_known_digest
  FROM digests
)
SELECT rl_id AS "id",
  rl_digest AS "digest"
FROM rl_prompts
JOIN rl_known ON rl_known_digest = rl_digest

