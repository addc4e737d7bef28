package pod_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/internal/jose"
	"podium/podtest"
)

// TestNoKeyIsExtendedWithoutEnd checks that a replaced key of an account or application can be
// extended up to 90 days after it was replaced, however often that is requested.
func TestNoKeyIsExtendedWithoutEnd(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		key := jose.EncodePublicKey(&other.PublicKey)
		user := fmt.Sprintf("/pod/v2/admin/user/%d/update", p.Bot("holder").ID)
		app := "/pod/v1/admin/app/acme-app/update"
		extendUser := map[string]any{"previousKey": map[string]any{"action": "EXTEND"}}
		extendApp := map[string]any{"authenticationKeys": map[string]any{"previous": map[string]any{"action": "EXTEND"}}}
		publisher := map[string]any{"publisher": "Acme"}
		admin.Post(user, map[string]any{"currentKey": map[string]any{"key": key, "action": "SAVE"}}).Want(200)
		admin.Post(app, map[string]any{"applicationInfo": publisher, "authenticationKeys": map[string]any{"current": map[string]any{"key": key}}}).Want(200)
		for path, body := range map[string]any{user: extendUser, app: extendApp} {
			times := 0
			answer := admin.Post(path, body)
			for ; answer.Status == 200 && times < 1000; times++ {
				answer = admin.Post(path, body)
			}
			if most := int((90*24*time.Hour)/(72*time.Hour)) - 1; times != most {
				t.Errorf("%s: extended %d times, not %d", path, times, most)
			}
			if answer.Status != 400 || !strings.Contains(string(answer.Body), "revious") {
				t.Errorf("%s: %d %s", path, answer.Status, answer.Body)
			}
		}
		late := time.Now().Add(91 * 24 * time.Hour).UnixMilli()
		until := map[string]any{"authenticationKeys": map[string]any{"previous": map[string]any{"action": "EXTEND", "expirationDate": late}}}
		admin.Post(app, until).Want(400)
	})
}
