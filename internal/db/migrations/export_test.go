package migrations

import "io/fs"

// Fenced returns the texts of the migrations as they are applied to SQLite, by name.
func Fenced() (map[string]string, error) {
	texts, err := Steps{Kind: SQLite}.files(true)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(texts, ".")
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for _, entry := range entries {
		data, err := fs.ReadFile(texts, entry.Name())
		if err != nil {
			return nil, err
		}
		files[entry.Name()] = string(data)
	}
	return files, nil
}
