package op

import (
	"reflect"
	"slices"
	"testing"
)

// benchBody is a typical body: a few members with a list of objects.
type benchBody struct {
	Name        *string        `json:"name" maxLength:"100"`
	Description *string        `json:"description" maxLength:"1000"`
	Public      *bool          `json:"public"`
	ReadOnly    *bool          `json:"readOnly"`
	Keywords    []benchKeyword `json:"keywords" maxItems:"100"`
	IDs         []int64        `json:"ids" maxItems:"100" min:"0" max:"100000000000000"`
}

type benchKeyword struct {
	Key   string `json:"key" maxLength:"100"`
	Value string `json:"value" maxLength:"100"`
}

func BenchmarkDecodeBody(b *testing.B) {
	data := []byte(`{"name": "A room of ours", "description": "What is talked about here: #this and $that", "public": true, "readOnly": false,
		"keywords": [{"key": "region", "value": "EMEA"}, {"key": "desk", "value": "rates"}], "ids": [13056700580843, 13056700580844, 13056700580845]}`)
	s := shapeOf(reflect.TypeFor[benchBody](), "", func(string) {})
	buffer := make([]byte, len(data))
	b.ReportAllocs()
	for b.Loop() {
		copy(buffer, data)
		var body benchBody
		if _, err := decodeBody(slices.Clip(buffer), reflect.ValueOf(&body).Elem(), s); err != nil {
			b.Fatal(err)
		}
	}
}
