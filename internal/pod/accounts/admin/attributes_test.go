package admin

import (
	"reflect"
	"testing"

	"podium/internal/pod/accounts"
)

// TestEveryAttributeHasAMember checks that each text and list of a body is stored, that each
// attribute of an account has a member, and that an answer shows what a request set.
func TestEveryAttributeHasAMember(t *testing.T) {
	t.Parallel()
	var given AttributesV2
	for _, f := range reflect.VisibleFields(reflect.TypeFor[AttributesV2]()) {
		if !f.IsExported() {
			continue
		}
		value := reflect.ValueOf(&given).Elem().FieldByIndex(f.Index)
		switch to := value.Addr().Interface().(type) {
		case **string:
			*to = &f.Name
		case **[]string:
			*to = &[]string{f.Name}
		}
	}
	var stored accounts.Attributes
	given.apply(&stored)
	all := reflect.ValueOf(stored)
	for i := range all.NumField() {
		if name := all.Type().Field(i).Name; name != "AccountType" && all.Field(i).IsZero() {
			t.Errorf("no member sets %s", name)
		}
	}
	var shown AttributesV2
	shown.fill(&stored)
	shown.AccountType = nil
	if !reflect.DeepEqual(shown, given) {
		t.Errorf("%+v is shown, not %+v", shown, given)
	}
}
