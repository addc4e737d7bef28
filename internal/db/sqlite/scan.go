package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
)

// assign stores a column's value in a variable of its kind. It is stricter than database/sql, like
// PostgreSQL: it converts no text to a number and no number to text.
func assign(dest any, value driver.Value) error {
	switch d := dest.(type) { // the most common variables
	case *int64:
		if v, ok := value.(int64); ok {
			*d = v
			return nil
		}
	case *string:
		if v, ok := value.(string); ok {
			*d = v
			return nil
		}
	case *bool:
		if v, ok := value.(int64); ok {
			*d = v != 0
			return nil
		}
	case *any:
		*d = value
		return nil
	case sql.Scanner:
		return d.Scan(value)
	}
	to := reflect.ValueOf(dest)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("%T is no place for a value", dest)
	}
	return set(to.Elem(), value)
}

// set is assign for variables of any type.
func set(to reflect.Value, value driver.Value) error {
	switch v := value.(type) {
	case nil:
		switch to.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Interface:
			to.SetZero()
			return nil
		}
	case int64:
		switch to.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			if !to.OverflowInt(v) {
				to.SetInt(v)
				return nil
			}
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			if v >= 0 && !to.OverflowUint(uint64(v)) {
				to.SetUint(uint64(v))
				return nil
			}
		case reflect.Bool:
			to.SetBool(v != 0)
			return nil
		case reflect.Float64:
			to.SetFloat(float64(v))
			return nil
		}
	case float64:
		if to.Kind() == reflect.Float64 {
			to.SetFloat(v)
			return nil
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return nil
		}
	case []byte:
		if to.Kind() == reflect.Slice && to.Type().Elem().Kind() == reflect.Uint8 {
			to.SetBytes(slices.Clone(v))
			return nil
		}
	}
	if to.Kind() == reflect.Pointer && value != nil {
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Interface(), value)
	}
	return fmt.Errorf("a %T is not a %s", value, to.Type())
}
