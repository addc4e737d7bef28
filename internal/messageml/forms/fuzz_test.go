package forms_test

import (
	"encoding/json"
	"testing"

	"podium/internal/messageml/forms"
)

// Whatever a message has stored and a client submits, a form answers with values or an error, and
// its values can be written.
func FuzzSubmissions(f *testing.F) {
	f.Add(`<div><form id="f"><input type="text" name="t" required="true"/><button type="action" name="ok">OK</button></form></div>`, `{"action":"ok","t":"x"}`)
	f.Add(`<div><form id="f"><input type="checkbox" name="t"/><select name="t"><option value="a">A</option></select><button type="action" name="ok">OK</button></form></div>`, `{"action":"ok","t":[null,"a"]}`)
	f.Add(`<div><form id="f"><div class="room-selector" data-name="r"></div><button type="action" name="ok">OK</button></form></div>`, `{"action":"ok","r":{"userIds":null}}`)
	f.Fuzz(func(t *testing.T, presentation, submitted string) {
		form, ok, err := forms.Find(presentation, "f")
		var values map[string]json.RawMessage
		if err != nil || !ok || json.Unmarshal([]byte(submitted), &values) != nil {
			return
		}
		checked, err := form.Check(values)
		if err != nil {
			return
		}
		if _, err := json.Marshal(checked); err != nil {
			t.Fatal(err)
		}
	})
}
