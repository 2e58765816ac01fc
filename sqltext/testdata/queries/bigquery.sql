-- scan
WITH rl_rows AS (
  SELECT CAST(`score` AS FLOAT64) + 0.0 AS rl_score,
    CAST(`quality:strong` AS FLOAT64) AS rl_strong,
    CAST(`quality:weak` AS FLOAT64) AS rl_weak,
    CAST(`we\"i\`g\\h't` AS FLOAT64) AS rl_weight,
    TO_HEX(MD5(COALESCE(CAST(`cluster` AS STRING), CAST(`sample_id` AS STRING)))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (NOT IS_NAN(rl_score) AND NOT IS_INF(rl_score)) THEN 'score_not_finite'
      WHEN rl_strong IS NULL OR rl_weak IS NULL THEN 'quality_null'
      WHEN NOT (NOT IS_NAN(rl_strong) AND NOT IS_INF(rl_strong)) OR NOT (NOT IS_NAN(rl_weak) AND NOT IS_INF(rl_weak)) THEN 'quality_not_finite'
      WHEN rl_weight IS NULL OR NOT (NOT IS_NAN(rl_weight) AND NOT IS_INF(rl_weight)) OR rl_weight <= 0.0 THEN 'weight_bad'
      WHEN rl_hash IS NULL THEN 'cluster_null'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS `total`,
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS `usable`,
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS `score_null`,
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS `score_not_finite`,
  COUNT(CASE WHEN rl_state = 'quality_null' THEN 1 END) AS `quality_null`,
  COUNT(CASE WHEN rl_state = 'quality_not_finite' THEN 1 END) AS `quality_not_finite`,
  COUNT(CASE WHEN rl_state = 'weight_bad' THEN 1 END) AS `weight_bad`,
  COUNT(CASE WHEN rl_state = 'cluster_null' THEN 1 END) AS `cluster_null`,
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `lo`,
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `hi`,
  APPROX_COUNT_DISTINCT(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `distinct_values`
FROM rl_checked

-- summary exact
WITH rl_rows AS (
  SELECT CAST(`score` AS FLOAT64) + 0.0 AS rl_score,
    CAST(`quality:strong` AS FLOAT64) AS rl_strong,
    CAST(`quality:weak` AS FLOAT64) AS rl_weak
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN NOT IS_NAN(rl_score) AND NOT IS_INF(rl_score)
      AND NOT IS_NAN(rl_strong) AND NOT IS_INF(rl_strong)
      AND NOT IS_NAN(rl_weak) AND NOT IS_INF(rl_weak)
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b
  FROM rl_checked
)
SELECT rl_bin AS `bin`,
  MIN(rl_s) AS `score_min`,
  MAX(rl_s) AS `score_max`,
  COUNT(*) AS `n`,
  COALESCE(SUM(rl_a), 0.0) AS `strong`,
  COALESCE(SUM(rl_b), 0.0) AS `weak`,
  COALESCE(SUM((rl_a - rl_b) * (rl_a - rl_b)), 0.0) AS `gain2`
FROM rl_binned
GROUP BY rl_bin

-- summary all_at_once
WITH rl_rows AS (
  SELECT CAST(`score` AS FLOAT64) + 0.0 AS rl_score,
    CAST(`quality:strong` AS FLOAT64) AS rl_strong,
    CAST(`quality:weak` AS FLOAT64) AS rl_weak,
    CAST(`we\"i\`g\\h't` AS FLOAT64) AS rl_weight,
    COALESCE(CAST(`task` AS STRING), '') AS rl_task,
    TO_HEX(MD5(COALESCE(CAST(`cluster` AS STRING), CAST(`sample_id` AS STRING)))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN NOT IS_NAN(rl_score) AND NOT IS_INF(rl_score)
      AND NOT IS_NAN(rl_strong) AND NOT IS_INF(rl_strong)
      AND NOT IS_NAN(rl_weak) AND NOT IS_INF(rl_weak)
      AND NOT IS_NAN(rl_weight) AND NOT IS_INF(rl_weight)
      AND rl_weight > 0.0
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 0 THEN NULL
      WHEN rl_score < -4.4942328371557893e+307 THEN -1
      WHEN rl_score <= -2.0 THEN CAST(FLOOR((rl_score - (-4.564455225236349e+307)) * 1.424047269444609e-306) AS INT64)
      WHEN rl_score <= -0.5 THEN CAST(FLOOR((rl_score - (-2.015625)) * 64.0) AS INT64) + 102
      WHEN rl_score <= -9.332636185032189e-302 THEN CAST(FLOOR((rl_score - (-0.5078125)) * 128.0) AS INT64) + 204
      WHEN rl_score <= 0.5 THEN CAST(FLOOR((rl_score - (-0.0078125)) * 128.0) AS INT64) + 306
      WHEN rl_score <= 0.75 THEN CAST(FLOOR((rl_score - 0.49609375) * 256.0) AS INT64) + 408
      WHEN rl_score <= 3.0 THEN CAST(FLOOR((rl_score - 0.71875) * 32.0) AS INT64) + 510
      WHEN rl_score <= 1e+300 THEN CAST(FLOOR((rl_score - (-1.0463951242053392e+298)) * 9.556619453472961e-299) AS INT64) + 612
      ELSE 714 END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE 1.0 END AS rl_w,
    CASE WHEN rl_usable = 1 THEN rl_task END AS rl_slice,
    CASE WHEN rl_usable = 1 THEN MOD(CAST(CONCAT('0x', SUBSTR(rl_hash, 1, 7)) AS INT64), 7) END AS rl_bucket
  FROM rl_checked
)
SELECT rl_bin AS `bin`,
  rl_slice AS `task`,
  rl_bucket AS `bucket`,
  MIN(rl_s) AS `score_min`,
  MAX(rl_s) AS `score_max`,
  COUNT(*) AS `rows`,
  SUM(rl_w) AS `n`,
  COALESCE(SUM(rl_w * rl_a), 0.0) AS `strong`,
  COALESCE(SUM(rl_w * rl_b), 0.0) AS `weak`,
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), 0.0) AS `gain2`
FROM rl_binned
GROUP BY rl_bin, rl_slice, rl_bucket

-- summary refined_in_buckets
WITH rl_rows AS (
  SELECT CAST(`score` AS FLOAT64) + 0.0 AS rl_score,
    CAST(`quality:strong` AS FLOAT64) AS rl_strong,
    CAST(`quality:weak` AS FLOAT64) AS rl_weak,
    CAST(`we\"i\`g\\h't` AS FLOAT64) AS rl_weight,
    TO_HEX(MD5(COALESCE(CAST(`cluster` AS STRING), CAST(`sample_id` AS STRING)))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN NOT IS_NAN(rl_score) AND NOT IS_INF(rl_score)
      AND NOT IS_NAN(rl_strong) AND NOT IS_INF(rl_strong)
      AND NOT IS_NAN(rl_weak) AND NOT IS_INF(rl_weak)
      AND NOT IS_NAN(rl_weight) AND NOT IS_INF(rl_weight)
      AND rl_weight > 0.0
      AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE 1.0 END AS rl_w,
    CASE WHEN rl_usable = 1 THEN MOD(CAST(CONCAT('0x', SUBSTR(rl_hash, 1, 7)) AS INT64), 20) END AS rl_bucket
  FROM rl_checked
), rl_placed AS (
  SELECT *, CAST(SUM(rl_w) OVER (PARTITION BY TO_JSON_STRING(rl_bin) ORDER BY rl_s) AS FLOAT64) - CAST(SUM(rl_w) OVER (PARTITION BY TO_JSON_STRING(rl_bin) ORDER BY rl_s RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS FLOAT64) / 2.0 AS rl_below
  FROM rl_binned
)
SELECT rl_bin AS `bin`,
  rl_bucket AS `bucket`,
  MIN(rl_s) AS `score_min`,
  MAX(rl_s) AS `score_max`,
  COUNT(*) AS `rows`,
  SUM(rl_w) AS `n`,
  COALESCE(SUM(rl_w * rl_a), 0.0) AS `strong`,
  COALESCE(SUM(rl_w * rl_b), 0.0) AS `weak`,
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), 0.0) AS `gain2`,
  COALESCE(SUM(rl_w * (rl_a - rl_b) * rl_below), 0.0) AS `area`
FROM rl_placed
WHERE rl_s BETWEEN -0.25 AND 0.0
  OR rl_s BETWEEN 0.12345678901234566 AND 0.30000000000000004
  OR rl_s BETWEEN 1.0 AND 1.0000000000000002
GROUP BY rl_bin, rl_bucket

-- moves exact
WITH rl_rows AS (
  SELECT CAST(`score:small` AS FLOAT64) + 0.0 AS rl_p0,
    CAST(`cost:small` AS FLOAT64) + 0.0 AS rl_k0,
    CAST(`quality:small` AS FLOAT64) AS rl_q0,
    CAST(`cost_usd:small` AS FLOAT64) AS rl_c0,
    CAST(`score:big` AS FLOAT64) + 0.0 AS rl_p1,
    CAST(`cost:big` AS FLOAT64) + 0.0 AS rl_k1,
    CAST(`quality:big` AS FLOAT64) AS rl_q1,
    CAST(`cost_usd:big` AS FLOAT64) AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN NOT IS_NAN(rl_p0) AND NOT IS_INF(rl_p0)
      AND NOT IS_NAN(rl_k0) AND NOT IS_INF(rl_k0)
      AND NOT IS_NAN(rl_q0) AND NOT IS_INF(rl_q0)
      AND NOT IS_NAN(rl_c0) AND NOT IS_INF(rl_c0)
      AND rl_c0 >= 0.0
      AND NOT IS_NAN(rl_p1) AND NOT IS_INF(rl_p1)
      AND NOT IS_NAN(rl_k1) AND NOT IS_INF(rl_k1)
      AND NOT IS_NAN(rl_q1) AND NOT IS_INF(rl_q1)
      AND NOT IS_NAN(rl_c1) AND NOT IS_INF(rl_c1)
      AND rl_c1 >= 0.0
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(0.0, CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 0.0 END) AS rl_end0,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 1.7976931348623157e+308 END) AS rl_begin0,
    1.0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN 1.0 ELSE 0.0 END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE 0.0 END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE 0.0 END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(0.0, CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 0.0 END) AS rl_end1,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 1.7976931348623157e+308 END) AS rl_begin1,
    1.0 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN 1.0 ELSE 0.0 END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE 0.0 END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE 0.0 END AS rl_cost1
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
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE 0.0 END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE 0.0 END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE 0.0 END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE 0.0 END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = 1.7976931348623157e+308 THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = 1.7976931348623157e+308 THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > 0.0 THEN rl_from_quality / rl_from_twins ELSE 0.0 END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > 0.0 THEN rl_from_cost / rl_from_twins ELSE 0.0 END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN 1.0 / rl_to_twins ELSE 0.0 END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN 1.0 / rl_from_twins ELSE 0.0 END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN 1.0 / rl_to_twins ELSE 0.0 END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN 1.0 / rl_from_twins ELSE 0.0 END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c1 END AS rl_all_c1
  FROM rl_pairs
), rl_binned AS (
  SELECT *, rl_lambda AS rl_bin
  FROM rl_moves
)
SELECT rl_step AS `step`,
  rl_bin AS `bin`,
  MIN(rl_lambda) AS `lambda_min`,
  MAX(rl_lambda) AS `lambda_max`,
  COUNT(*) AS `n`,
  COALESCE(SUM(rl_dq), 0.0) AS `quality`,
  COALESCE(SUM(rl_dc), 0.0) AS `cost`,
  COALESCE(SUM(CASE WHEN rl_dq < 0.0 THEN rl_dq ELSE 0.0 END), 0.0) AS `quality_loss`,
  COALESCE(SUM(CASE WHEN rl_dc < 0.0 THEN rl_dc ELSE 0.0 END), 0.0) AS `cost_loss`,
  COALESCE(SUM(rl_share0), 0.0) AS `chosen:small`,
  COALESCE(SUM(rl_all_q0), 0.0) AS `quality:small`,
  COALESCE(SUM(rl_all_c0), 0.0) AS `cost_usd:small`,
  COALESCE(SUM(rl_share1), 0.0) AS `chosen:big`,
  COALESCE(SUM(rl_all_q1), 0.0) AS `quality:big`,
  COALESCE(SUM(rl_all_c1), 0.0) AS `cost_usd:big`
FROM rl_binned
GROUP BY rl_step, rl_bin

-- moves fixed_costs
WITH rl_rows AS (
  SELECT CAST(`score:small` AS FLOAT64) + 0.0 AS rl_p0,
    0.001 AS rl_k0,
    CAST(`quality:small` AS FLOAT64) AS rl_q0,
    CAST(`cost_usd:small` AS FLOAT64) AS rl_c0,
    CAST(`score:big` AS FLOAT64) + 0.0 AS rl_p1,
    0.03 AS rl_k1,
    CAST(`quality:big` AS FLOAT64) AS rl_q1,
    CAST(`cost_usd:big` AS FLOAT64) AS rl_c1
  FROM pool
), rl_checked AS (
  SELECT *, CASE WHEN NOT IS_NAN(rl_p0) AND NOT IS_INF(rl_p0)
      AND NOT IS_NAN(rl_k0) AND NOT IS_INF(rl_k0)
      AND NOT IS_NAN(rl_q0) AND NOT IS_INF(rl_q0)
      AND NOT IS_NAN(rl_c0) AND NOT IS_INF(rl_c0)
      AND rl_c0 >= 0.0
      AND NOT IS_NAN(rl_p1) AND NOT IS_INF(rl_p1)
      AND NOT IS_NAN(rl_k1) AND NOT IS_INF(rl_k1)
      AND NOT IS_NAN(rl_q1) AND NOT IS_INF(rl_q1)
      AND NOT IS_NAN(rl_c1) AND NOT IS_INF(rl_c1)
      AND rl_c1 >= 0.0
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_lines AS (
  SELECT *,
    CASE WHEN rl_k1 = rl_k0 AND rl_p1 > rl_p0 THEN 1 ELSE 0 END AS rl_hidden0,
    GREATEST(0.0, CASE WHEN rl_usable = 1 AND rl_k1 > rl_k0 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 0.0 END) AS rl_end0,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k1 < rl_k0 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 1.7976931348623157e+308 END) AS rl_begin0,
    1.0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN 1.0 ELSE 0.0 END AS rl_twins0,
    rl_q0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_q1 ELSE 0.0 END AS rl_quality0,
    rl_c0 + CASE WHEN rl_k1 = rl_k0 AND rl_p1 = rl_p0 THEN rl_c1 ELSE 0.0 END AS rl_cost0,
    CASE WHEN rl_k0 = rl_k1 AND rl_p0 >= rl_p1 THEN 1 ELSE 0 END AS rl_hidden1,
    GREATEST(0.0, CASE WHEN rl_usable = 1 AND rl_k0 > rl_k1 THEN (rl_p0 - rl_p1) / (rl_k0 - rl_k1) ELSE 0.0 END) AS rl_end1,
    LEAST(1.7976931348623157e+308, CASE WHEN rl_usable = 1 AND rl_k0 < rl_k1 THEN (rl_p1 - rl_p0) / (rl_k1 - rl_k0) ELSE 1.7976931348623157e+308 END) AS rl_begin1,
    1.0 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN 1.0 ELSE 0.0 END AS rl_twins1,
    rl_q1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_q0 ELSE 0.0 END AS rl_quality1,
    rl_c1 + CASE WHEN rl_k0 = rl_k1 AND rl_p0 = rl_p1 THEN rl_c0 ELSE 0.0 END AS rl_cost1
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
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_p0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_p1 ELSE 0.0 END AS rl_from_p,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_twins0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_twins1 ELSE 0.0 END AS rl_from_twins,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_quality0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_quality1 ELSE 0.0 END AS rl_from_quality,
    CASE WHEN rl_on0 = 1 AND rl_k0 = rl_from_k THEN rl_cost0 ELSE 0.0 END + CASE WHEN rl_on1 = 1 AND rl_k1 = rl_from_k THEN rl_cost1 ELSE 0.0 END AS rl_from_cost
  FROM rl_before
), rl_moves AS (
  SELECT CASE WHEN rl_usable = 0 THEN 'unused' WHEN rl_to_begin = 1.7976931348623157e+308 THEN 'start' ELSE 'move' END AS rl_step,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_to_begin = 1.7976931348623157e+308 THEN NULL ELSE rl_to_begin END END AS rl_lambda,
    CASE WHEN rl_usable = 1 THEN rl_to_quality / rl_to_twins - CASE WHEN rl_from_twins > 0.0 THEN rl_from_quality / rl_from_twins ELSE 0.0 END END AS rl_dq,
    CASE WHEN rl_usable = 1 THEN rl_to_cost / rl_to_twins - CASE WHEN rl_from_twins > 0.0 THEN rl_from_cost / rl_from_twins ELSE 0.0 END END AS rl_dc,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k0 = rl_to_k AND rl_p0 = rl_to_p THEN 1.0 / rl_to_twins ELSE 0.0 END - CASE WHEN rl_k0 = rl_from_k AND rl_p0 = rl_from_p THEN 1.0 / rl_from_twins ELSE 0.0 END END AS rl_share0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q0 END AS rl_all_q0,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c0 END AS rl_all_c0,
    CASE WHEN rl_usable = 1 THEN CASE WHEN rl_k1 = rl_to_k AND rl_p1 = rl_to_p THEN 1.0 / rl_to_twins ELSE 0.0 END - CASE WHEN rl_k1 = rl_from_k AND rl_p1 = rl_from_p THEN 1.0 / rl_from_twins ELSE 0.0 END END AS rl_share1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_q1 END AS rl_all_q1,
    CASE WHEN rl_usable = 1 AND rl_to_begin = 1.7976931348623157e+308 THEN rl_c1 END AS rl_all_c1
  FROM rl_pairs
), rl_binned AS (
  SELECT *, CASE WHEN rl_lambda IS NULL THEN NULL
      WHEN rl_lambda < 0.5 THEN -1
      WHEN rl_lambda <= 1.0 THEN CAST(FLOOR((rl_lambda - 0.484375) * 64.0) AS INT64)
      WHEN rl_lambda <= 2.0 THEN CAST(FLOOR((rl_lambda - 0.96875) * 32.0) AS INT64) + 40
      WHEN rl_lambda <= 4.0 THEN CAST(FLOOR((rl_lambda - 1.9375) * 16.0) AS INT64) + 80
      WHEN rl_lambda <= 8.0 THEN CAST(FLOOR((rl_lambda - 3.875) * 8.0) AS INT64) + 120
      WHEN rl_lambda <= 16.0 THEN CAST(FLOOR((rl_lambda - 7.75) * 4.0) AS INT64) + 160
      WHEN rl_lambda <= 32.0 THEN CAST(FLOOR((rl_lambda - 15.5) * 2.0) AS INT64) + 200
      WHEN rl_lambda <= 64.0 THEN CAST(FLOOR((rl_lambda - 31.0) * 1.0) AS INT64) + 240
      WHEN rl_lambda <= 128.0 THEN CAST(FLOOR((rl_lambda - 62.0) * 0.5) AS INT64) + 280
      WHEN rl_lambda <= 256.0 THEN CAST(FLOOR((rl_lambda - 124.0) * 0.25) AS INT64) + 320
      WHEN rl_lambda <= 512.0 THEN CAST(FLOOR((rl_lambda - 248.0) * 0.125) AS INT64) + 360
      WHEN rl_lambda <= 1024.0 THEN CAST(FLOOR((rl_lambda - 496.0) * 0.0625) AS INT64) + 400
      WHEN rl_lambda <= 2048.0 THEN CAST(FLOOR((rl_lambda - 992.0) * 0.03125) AS INT64) + 440
      WHEN rl_lambda <= 3000.0 THEN CAST(FLOOR((rl_lambda - 2016.0) * 0.03125) AS INT64) + 480
      ELSE 520 END AS rl_bin
  FROM rl_moves
)
SELECT rl_step AS `step`,
  rl_bin AS `bin`,
  MIN(rl_lambda) AS `lambda_min`,
  MAX(rl_lambda) AS `lambda_max`,
  COUNT(*) AS `n`,
  COALESCE(SUM(rl_dq), 0.0) AS `quality`,
  COALESCE(SUM(rl_dc), 0.0) AS `cost`,
  COALESCE(SUM(CASE WHEN rl_dq < 0.0 THEN rl_dq ELSE 0.0 END), 0.0) AS `quality_loss`,
  COALESCE(SUM(CASE WHEN rl_dc < 0.0 THEN rl_dc ELSE 0.0 END), 0.0) AS `cost_loss`,
  COALESCE(SUM(rl_share0), 0.0) AS `chosen:small`,
  COALESCE(SUM(rl_all_q0), 0.0) AS `quality:small`,
  COALESCE(SUM(rl_all_c0), 0.0) AS `cost_usd:small`,
  COALESCE(SUM(rl_share1), 0.0) AS `chosen:big`,
  COALESCE(SUM(rl_all_q1), 0.0) AS `quality:big`,
  COALESCE(SUM(rl_all_c1), 0.0) AS `cost_usd:big`
FROM rl_binned
GROUP BY rl_step, rl_bin

-- scan of some rows
WITH rl_rows AS (
  SELECT CAST(`score` AS FLOAT64) + 0.0 AS rl_score
  FROM {{ ref('logs') }}
  WHERE (day = '2026-11-01' -- a comment
  )
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (NOT IS_NAN(rl_score) AND NOT IS_INF(rl_score)) THEN 'score_not_finite'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS `total`,
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS `usable`,
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS `score_null`,
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS `score_not_finite`,
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `lo`,
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `hi`,
  APPROX_COUNT_DISTINCT(CASE WHEN rl_state = 'usable' THEN rl_score END) AS `distinct_values`
FROM rl_checked

-- duplicates
WITH rl_prompts AS (
  SELECT CAST(`prompt_norm_sha256` AS STRING) AS rl_digest,
    CAST(`sample_id` AS STRING) AS rl_id,
    COALESCE(CAST(`cluster` AS STRING), CAST(`sample_id` AS STRING)) AS rl_cluster
  FROM logs
)
SELECT rl_digest AS `digest`,
  COUNT(*) AS `n`,
  COUNT(DISTINCT rl_cluster) AS `clusters`,
  MIN(rl_id) AS `first_id`,
  MAX(rl_id) AS `last_id`
FROM rl_prompts
WHERE rl_digest IS NOT NULL
GROUP BY rl_digest
HAVING COUNT(*) > 1

-- leaks
WITH rl_prompts AS (
  SELECT CAST(`prompt_norm_sha256` AS STRING) AS rl_digest,
    CAST(`sample_id` AS STRING) AS rl_id,
    COALESCE(CAST(`cluster` AS STRING), CAST(`sample_id` AS STRING)) AS rl_cluster
  FROM logs
), rl_known AS (
  SELECT DISTINCT CAST(`prompt_norm_sha256` AS STRING) AS rl_known_digest
  FROM digests
)
SELECT rl_id AS `id`,
  rl_digest AS `digest`
FROM rl_prompts
JOIN rl_known ON rl_known_digest = rl_digest

