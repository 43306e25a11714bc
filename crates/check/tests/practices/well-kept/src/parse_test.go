package parse

import "testing"

func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) { Parse(text) })
}
