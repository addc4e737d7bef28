package apierr_test

import (
	"errors"
	"fmt"
	"testing"

	"podium/internal/apierr"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	const entitlement = "The user lacks the required entitlement to perform this operation"
	for _, c := range []struct {
		err             error
		kind            apierr.Kind
		message, reason string
	}{
		{apierr.Invalid("no %s: %d%%", "name", 5), apierr.KindInvalid, "no name: 5%", ""},
		{apierr.InvalidSession("expired %d s ago", 5), apierr.KindSession, "Invalid session", "expired 5 s ago"},
		{apierr.LoginRefused("no user %q", "bob"), apierr.KindLogin, "Unauthorized", `no user "bob"`},
		{apierr.Forbidden("the right %s is missing", "X"), apierr.KindForbidden, entitlement, "the right X is missing"},
		{apierr.NotFound("no room %s", "7"), apierr.KindNotFound, "no room 7", ""},
		{apierr.Unprocessable("not %s", "so"), apierr.KindUnprocessable, "not so", ""},
		{apierr.TooLarge(1000), apierr.KindTooLarge, "The request body is larger than 1000 bytes", ""},
		{apierr.TooSlow(), apierr.KindTooSlow, "The request body did not arrive in time", ""},
		{apierr.Unavailable("lost %s", "NATS"), apierr.KindUnavailable, "The pod cannot answer at the moment, try again", "lost NATS"},
	} {
		var e *apierr.Error
		if !errors.As(fmt.Errorf("while at work: %w", c.err), &e) {
			t.Errorf("%v is lost when wrapped", c.err)
			continue
		}
		if e.Kind != c.kind || e.Message != c.message || e.Reason != c.reason {
			t.Errorf("%+v, not %+v", e, c)
		}
		said := c.reason
		if said == "" {
			said = c.message
		}
		if c.err.Error() != said {
			t.Errorf("the error's text is %q, not %q", c.err, said)
		}
	}
}
