package audit_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"podium/internal/db"
	"podium/internal/journal/seal"
	"podium/internal/notify"
	"podium/internal/pod/audit"
	"podium/podtest"
)

// TestVerificationShowsWhatWasAltered checks that the parts of a sealed log are verified one after
// the other, and that a row altered behind the pod's back is named.
func TestVerificationShowsWhatWasAltered(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		for i := range 5 {
			admin.Post("/pod/v1/admin/system/protocols", map[string]any{"scheme": fmt.Sprintf("scheme%d", i)}).Want(200)
		}
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		sealer := seal.Sealer{
			DB: p.Inner.DB, Log: slog.New(slog.DiscardHandler), Notify: notify.NewLocal(),
			Companies: p.Inner.Companies.PrivateKeys,
		}
		sealer.Run(ended)

		parts := 0
		for after, more := int64(0), true; more; parts++ {
			v := verification(admin, after, 3)
			if !v.Whole || v.Broken != nil || v.Checkpoint == nil || v.Checkpoint.Number != v.Sealed || v.Newest == "" {
				t.Fatalf("after %d: %+v", after, v)
			}
			if more = v.Next != nil; more {
				after = *v.Next
			} else if v.Verified != v.Sealed || v.Sealed < 5 {
				t.Errorf("the last part: %+v", v)
			}
		}
		if parts < 2 {
			t.Errorf("%d parts", parts)
		}
		admin.Get("/podium/v1/audittrail/verification?after=1000000").Want(400)
		p.User("alice").Get("/podium/v1/audittrail/verification").Want(403)

		_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Change(`
				UPDATE events SET data = '{"scheme":"other"}'
				WHERE company = 190 AND seq = (SELECT seq FROM event_seals WHERE company = 190 AND number = 5)`)
		})
		if err != nil {
			t.Fatal(err)
		}
		v := verification(admin, 0, 5000)
		if v.Whole || v.Broken == nil || v.Broken.Table != "facts" || v.Broken.Number != 5 || v.Next != nil || v.Verified != 4 {
			t.Errorf("with an altered row: %+v, %+v", v, v.Broken)
		}
	})
}

func verification(by *podtest.User, after int64, limit int) audit.Verification {
	var v audit.Verification
	by.Get(fmt.Sprintf("/podium/v1/audittrail/verification?after=%d&limit=%d", after, limit)).Want(200).Into(&v)
	return v
}
