package pod_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/encode"
	"podium/internal/pod"
)

// The encoder of answers writes the bytes of encoding/json for values of every type that an
// operation answers with.
func TestAnswersAreWrittenLikeEncodingJSON(t *testing.T) {
	t.Parallel()
	tried := make(map[reflect.Type]bool)
	for _, o := range pod.Catalogue() {
		out := o.Form.Content
		if out == nil || tried[out] {
			continue
		}
		tried[out] = true
		rapid.Check(t, func(t *rapid.T) {
			value := reflect.New(out).Elem()
			fill(t, value, 0)
			want, wantErr := encode.Plain{}.Append(nil, value.Interface())
			got, err := encode.Planned{}.Append(nil, value.Interface())
			if string(got) != string(want) || (err == nil) != (wantErr == nil) {
				t.Fatalf("%s: planned %s, %v; plain %s, %v", o.ID, got, err, want, wantErr)
			}
		})
	}
	if len(tried) < 50 {
		t.Errorf("only %d types of answers were tried", len(tried))
	}
}

// fill draws a value. Pointers and lists are sometimes nil; below a depth they always are.
func fill(t *rapid.T, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(rapid.Int64Range(-100, 100).Draw(t, "int"))
		if rapid.Bool().Draw(t, "large") {
			v.SetInt(v.Int() << (v.Type().Bits() - 8))
		}
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(rapid.Uint64Range(0, 200).Draw(t, "uint"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64().Draw(t, "float"))
	case reflect.String:
		v.SetString(rapid.StringN(0, 4, 8).Draw(t, "text"))
	case reflect.Pointer:
		if depth < 6 && rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if depth < 6 && rapid.Bool().Draw(t, "list") {
			v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 2).Draw(t, "length"), 2))
			for i := range v.Len() {
				fill(t, v.Index(i), depth+1)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), depth+1)
		}
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String && rapid.Bool().Draw(t, "map") {
			v.Set(reflect.MakeMap(v.Type()))
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, depth+1)
			fill(t, value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(t, v.Field(i), depth+1)
			}
		}
	}
}
