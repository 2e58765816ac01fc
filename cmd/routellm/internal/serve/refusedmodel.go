package serve

import (
	"fmt"
	"net/http"
	"strings"
)

// modelError returns the answer to a request for a model that named does not find.
func (st *state) modelError(model string) (status int, e apiError) {
	param, what, allowed := "model", "threshold", st.allowed()
	if st.Several() {
		what = "lambda"
	}
	e.Param = &param
	switch {
	case model == "":
		e.Code = "model_missing"
		e.Message = fmt.Sprintf(`the request names no model: expected "model" with one of %s`, strings.Join(st.models(), ", "))
		return http.StatusBadRequest, e
	case st.spelled(model) != nil:
		e.Code = what + "_not_allowed"
		e.Message = fmt.Sprintf("the model %q asks for a %s, which this server does not let clients choose: expected %s", model, what, strings.Join(st.models(), ", "))
		if !allowed.None {
			e.Message = fmt.Sprintf("the model %q asks for a %s outside %s, which is what this server lets clients choose", model, what, allowed.String())
		}
		return http.StatusForbidden, e
	}
	e.Code = "model_not_found"
	e.Message = fmt.Sprintf("no model %q: expected %s", model, strings.Join(st.models(), ", "))
	if !allowed.None {
		e.Message += ", or router-NAME-" + strings.ToUpper(what) + ", where NAME is " + st.routerNames()
	}
	return http.StatusNotFound, e
}
