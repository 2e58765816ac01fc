// Package pricelist reads lists of what models' tokens cost, and computes the cost of answers.
//
// Call [Read] for a [List], [List.Find] for the [Price] of a model, and [Price.Cost] for the cost
// of an answer. A list is a table with the columns model, input and output, or a JSON file of
// LiteLLM, models.dev or genai-prices, which is recognised by its shape. Prices are in US dollars
// per million tokens, whatever the unit of the file. Nothing is fetched, and no clock is read: a
// price that its list does not date has the date that the caller gives.
package pricelist
